/**
 * The plugin with the dialog for a new environment.
 */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { addIcon } from '@jupyterlab/ui-components';
import type { ReadonlyJSONObject, ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { tellFailure } from '../components/failures';
import { DOMAIN } from '../components/translation';

import { isNotebookName } from '../new/files';
import { CommandIDs, IEnvStoreClient, IEnvStoreModel, type IBuild } from '../tokens';

const TEXT = { type: 'string' } as const;

const ARGUMENTS = {
  type: 'object',
  properties: {
    specification: {
      ...TEXT,
      description:
        'The text of an environment.yml, a lockfile, a requirements.txt or a notebook to begin with.'
    },
    path: {
      ...TEXT,
      description: 'The path of the file that the text is from.'
    },
    packages: { type: 'array', items: TEXT, description: 'Packages to begin with.' },
    namespace: { ...TEXT, description: 'The namespace to begin with.' },
    name: { ...TEXT, description: 'The name to begin with, where the specification has none.' },
    message: { ...TEXT, description: 'What the first version is for.' }
  }
} as const;

interface INewArguments {
  specification?: string;
  path?: string;
  packages?: string[];
  namespace?: string;
  name?: string;
  message?: string;
}

export const newPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-envstore:new',
  description: 'Makes new environments, from a form or an environment.yml.',
  autoStart: true,
  requires: [IEnvStoreClient, IEnvStoreModel, IEditorServices],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    client: IEnvStoreClient,
    model: IEnvStoreModel,
    services: IEditorServices,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);

    const openNotebook = async (text: string, path: string): Promise<IBuild | null> => {
      const { createFromNotebook } = await import('../notebook/restore/file');
      try {
        return await createFromNotebook({ client, model, trans }, text, path);
      } catch (error) {
        tellFailure(trans.__('%1 cannot be used.', path), error, trans);
        return null;
      }
    };

    const open = async (args: INewArguments): Promise<IBuild | null> => {
      if (args.specification !== undefined && isNotebookName(args.path ?? '')) {
        return openNotebook(args.specification, args.path!);
      }
      // Both at once: what the dialog is made of, and what it has to know.
      const [{ NewEnvironmentDialog }, { NewDraft }, status] = await Promise.all([
        import('../new/dialog'),
        import('../new/draft'),
        client.status()
      ]);
      const draft = new NewDraft({
        specification: args.specification,
        path: args.path,
        packages: args.packages,
        name: args.name,
        message: args.message,
        namespace: args.namespace ?? status.default_namespace,
        channels: status.default_channels
      });
      // eslint-disable-next-line jupyter/require-disposable-ownership -- it disposes itself when it is left
      const dialog = new NewEnvironmentDialog({ client, model, services, status, trans }, draft);
      dialog.open();
      const ended = await dialog.ended;
      return ended && 'text' in ended ? openNotebook(ended.text, ended.file) : ended;
    };

    app.commands.addCommand(CommandIDs.newEnvironment, {
      label: trans.__('New Environment…'),
      caption: trans.__('Create an environment from packages or an environment.yml'),
      icon: addIcon,
      describedBy: { args: ARGUMENTS as unknown as ReadonlyJSONObject },
      execute: async args => {
        try {
          const build = await open(args as INewArguments);
          if (build) {
            const { namespace, name, id } = build;
            await app.commands.execute(CommandIDs.openEnvironment, {
              namespace,
              name,
              tab: 'builds',
              build: id
            });
          }
          return build as unknown as ReadonlyPartialJSONObject | null;
        } catch (error) {
          tellFailure(trans.__('The dialog cannot be opened.'), error, trans);
          return null;
        }
      }
    });
  }
};
