/**
 * The plugin with the tab of an environment in the main area. Open tabs are there again when the page is loaded anew.
 */
import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { ReadonlyJSONObject, ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { openEnvironmentMenu } from '../commands/menu';
import { environmentsIcon } from '../components/icons';
import { DOMAIN } from '../components/translation';
import type { IEnvironmentContext } from '../environment/context';
import { kernelsOfEnvironments } from '../environment/kernels';
import type { EnvironmentWidget } from '../environment/widget';
import { CommandIDs, IEnvStoreClient, IEnvStoreModel, type EnvironmentTab } from '../tokens';

const ARGUMENTS = {
  type: 'object',
  required: ['namespace', 'name'],
  properties: {
    namespace: { type: 'string' },
    name: { type: 'string' },
    tab: { type: 'string', enum: ['packages', 'yaml', 'builds'], description: 'The part to show.' },
    build: { type: 'number', description: 'The id of the build to show.' }
  }
} as const;

interface IOpenArguments {
  namespace: string;
  name: string;
  tab?: EnvironmentTab;
  build?: number;
}

export const environmentPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-envstore:environment',
  description: 'Shows an environment in the main area.',
  autoStart: true,
  requires: [IEnvStoreClient, IEnvStoreModel, IEditorServices],
  optional: [ITranslator, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    client: IEnvStoreClient,
    model: IEnvStoreModel,
    services: IEditorServices,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null
  ) => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const { commands, shell } = app;
    const tracker = new WidgetTracker<EnvironmentWidget>({ namespace: 'envstore-environment' });
    const run = (command: string, args: object): void =>
      void commands.execute(command, args as ReadonlyPartialJSONObject);
    const context: IEnvironmentContext = {
      client,
      model,
      services,
      kernels: kernelsOfEnvironments(app.serviceManager),
      actions: {
        openNotebook: (namespace, name) => run(CommandIDs.openNotebook, { namespace, name }),
        openMenu: (environment, place) =>
          openEnvironmentMenu(commands, environment, place.left, place.bottom),
        edit: start => run(CommandIDs.newEnvironment, start),
        undelete: (namespace, name) => run(CommandIDs.undelete, { namespace, name })
      }
    };

    commands.addCommand(CommandIDs.openEnvironment, {
      label: args => {
        if (args['build'] !== undefined) {
          return trans.__('Show the build');
        }
        return args['tab'] === 'builds' ? trans.__('Show builds') : trans.__('Show packages');
      },
      caption: trans.__('Show an environment in the main area'),
      icon: environmentsIcon,
      describedBy: { args: ARGUMENTS as unknown as ReadonlyJSONObject },
      execute: async args => {
        const { namespace, name, tab, build } = args as unknown as IOpenArguments;
        const open = tracker.find(({ place }) => place.namespace === namespace && place.name === name);
        if (open) {
          if (tab) {
            open.place.go(tab, build ?? null);
          }
          shell.activateById(open.id);
          return;
        }
        const [{ EnvironmentWidget }, { Place }] = await Promise.all([
          import('../environment/widget'),
          import('../environment/place')
        ]);
        const widget = new EnvironmentWidget(new Place(namespace, name, tab, build), context, trans);
        shell.add(widget, 'main', { type: 'Environment' });
        widget.place.changed.connect(() => void tracker.save(widget));
        await tracker.add(widget);
        shell.activateById(widget.id);
      }
    });

    if (restorer) {
      void restorer.restore(tracker, {
        command: CommandIDs.openEnvironment,
        name: ({ place }) => `${place.namespace}/${place.name}`,
        args: ({ place }) => ({
          namespace: place.namespace,
          name: place.name,
          ...(place.tab && { tab: place.tab }),
          ...(place.build !== null && { build: place.build })
        })
      });
    }
  }
};
