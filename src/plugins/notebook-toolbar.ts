/**
 * The plugin that puts into the toolbar of notebooks how each stands to its kernel.
 */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IToolbarWidgetRegistry } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { DOMAIN } from '../components/translation';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- a toolbar's items are made at once
import { StandingItem } from '../notebook/standing/toolbar-item';
import { IEnvStoreNotebooks } from '../tokens';

/** Of the item, as the settings' schema names it too. */
const ITEM = 'envstore';

export const notebookToolbarPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-envstore:notebook-toolbar',
  description: 'Says in the toolbar of a notebook whether it carries the environment that it runs on.',
  autoStart: true,
  requires: [IEnvStoreNotebooks, IToolbarWidgetRegistry],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    notebooks: IEnvStoreNotebooks,
    toolbars: IToolbarWidgetRegistry,
    translator: ITranslator | null
  ) => {
    const { commands, shell } = app;
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    toolbars.addFactory<NotebookPanel>('Notebook', ITEM, panel => {
      const actions = {
        has: (command: string) => commands.hasCommand(command),
        run: ({ command, args }: { command: string; args?: object }) => {
          // The commands are about the notebook in front.
          shell.activateById(panel.id);
          void commands.execute(command, { ...args });
        }
      };
      return new StandingItem({ standing: notebooks.standing(panel), actions }, trans);
    });
  }
};
