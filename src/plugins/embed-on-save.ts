/**
 * The plugin that lets notebooks carry their environment when they are saved.
 */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker, NotebookActions } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { Signal } from '@lumino/signaling';

/* eslint-disable jupyter/prefer-lazy-imports -- notebooks are watched from the start */
import { Carriable } from '../model/carriable';
import { EmbedOnSave, type EmbedWhen } from '../model/embed-on-save';
import { IEnvStoreClient, IEnvStoreModel, IEnvStoreNotebooks } from '../tokens';

/** The plugin whose schema has the settings. */
const SETTINGS = 'jupyter-envstore:plugin';

export const embedOnSavePlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-envstore:embed-on-save',
  description: 'Lets notebooks carry their environment when they are saved.',
  autoStart: true,
  requires: [IEnvStoreClient, IEnvStoreModel, IEnvStoreNotebooks, INotebookTracker],
  optional: [ISettingRegistry],
  activate: (
    _: JupyterFrontEnd,
    client: IEnvStoreClient,
    model: IEnvStoreModel,
    notebooks: IEnvStoreNotebooks,
    tracker: INotebookTracker,
    settings: ISettingRegistry | null
  ) => {
    let when: EmbedWhen = 'created';
    const whenChanged = new Signal<object, void>({});
    const ran = new Signal<object, { readonly notebook: object }>({});
    NotebookActions.executed.connect((_actions, { notebook, cell }) => {
      if (cell.model.type === 'code') {
        ran.emit({ notebook });
      }
    });
    const context = {
      carriable: Carriable.of(client, model),
      when: () => when,
      whenChanged,
      ran
    };
    const watch = (panel: Parameters<IEnvStoreNotebooks['standing']>[0]): EmbedOnSave =>
      new EmbedOnSave(panel, notebooks.standing(panel), context);
    tracker.forEach(watch);
    tracker.widgetAdded.connect((_tracker, panel) => void watch(panel));

    void settings?.load(SETTINGS).then(loaded => {
      const read = (): void => {
        when = loaded.get('embedOnSave').composite as EmbedWhen;
        whenChanged.emit();
      };
      loaded.changed.connect(read);
      read();
    });
  }
};
