/**
 * The plugin with the tab of an environment in the main area. Open tabs are there again when the page is loaded anew.
 */
import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Notification, WidgetTracker } from '@jupyterlab/apputils';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { ReadonlyJSONObject, ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { tellFailure } from '../components/failures';
import { environmentsIcon } from '../components/icons';
import { DOMAIN } from '../components/translation';
import type { IEnvironmentContext } from '../environment/context';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- kernels are watched from the start
import { kernelsOfEnvironments } from '../environment/kernels';
import type { EnvironmentWidget } from '../environment/widget';
import { keyOf } from '../model/environment-list';
import { RunningVersions } from '../model/running-versions';
import {
  CommandIDs,
  IEnvStoreClient,
  IEnvStoreModel,
  type EnvironmentTab,
  type IEnvironmentName
} from '../tokens';

const ARGUMENTS = {
  type: 'object',
  required: ['namespace', 'name'],
  properties: {
    namespace: { type: 'string' },
    name: { type: 'string' },
    tab: {
      type: 'string',
      enum: ['packages', 'yaml', 'versions', 'builds', 'share'],
      description: 'The part to show.'
    },
    build: { type: 'number', description: 'The id of the build to show.' },
    before: { type: 'string', description: 'With `after`: the versions to compare, as namespace/name@3.' },
    after: { type: 'string' },
    update: {
      type: 'array',
      items: { type: 'string' },
      description: 'Show what would change if these packages, none named: all, were updated.'
    },
    add: {
      type: 'array',
      items: { type: 'string' },
      description: 'Add these packages to what is being edited, and show what would change.'
    },
    addPip: { type: 'array', items: { type: 'string' }, description: 'The same for the list of pip.' },
    lock: {
      type: 'array',
      items: { type: 'string' },
      description: 'Show what would change if it were locked for these platforms too.'
    }
  }
} as const;

/** What is done with a version, and by which command. */
const VERSION_COMMANDS = {
  activate: CommandIDs.activateVersion,
  pin: CommandIDs.pinVersion,
  unpin: CommandIDs.unpinVersion,
  describe: CommandIDs.describeVersion,
  delete: CommandIDs.deleteVersion
} as const;

interface IOpenArguments {
  namespace: string;
  name: string;
  tab?: EnvironmentTab;
  build?: number;
  before?: string;
  after?: string;
  update?: ReadonlyArray<string>;
  add?: ReadonlyArray<string>;
  addPip?: ReadonlyArray<string>;
  lock?: ReadonlyArray<string>;
}

export const environmentPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-envstore:environment',
  description: 'Shows an environment in the main area.',
  autoStart: true,
  requires: [IEnvStoreClient, IEnvStoreModel, IEditorServices],
  optional: [ITranslator, ILayoutRestorer, IStateDB],
  activate: (
    app: JupyterFrontEnd,
    client: IEnvStoreClient,
    model: IEnvStoreModel,
    services: IEditorServices,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    state: IStateDB | null
  ) => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const { commands, shell } = app;
    const tracker = new WidgetTracker<EnvironmentWidget>({ namespace: 'envstore-environment' });
    const run = (command: string, args: object): void =>
      void commands.execute(command, args as ReadonlyPartialJSONObject);
    let kept: Promise<Pick<IEnvironmentContext, 'drafts' | 'newest'>> | null = null;
    const keep = async (): Promise<Pick<IEnvironmentContext, 'drafts' | 'newest'>> => {
      const [{ Drafts }, { NewestVersions }] = await Promise.all([
        import('../environment/drafts'),
        import('../environment/newest')
      ]);
      return { drafts: new Drafts(client, state), newest: new NewestVersions(client) };
    };
    const find = (environment: IEnvironmentName): EnvironmentWidget | undefined =>
      tracker.find(({ place }) => keyOf(place) === keyOf(environment));
    const context: Omit<IEnvironmentContext, 'drafts' | 'newest'> = {
      client,
      model,
      services,
      kernels: kernelsOfEnvironments(
        app.serviceManager,
        RunningVersions.of(app.serviceManager.kernels, client)
      ),
      actions: {
        openNotebook: (namespace, name) => run(CommandIDs.openNotebook, { namespace, name }),
        openMenu: (environment, place) =>
          void import('../commands/menu').then(({ openEnvironmentMenu }) =>
            openEnvironmentMenu(commands, environment, place.left, place.bottom, trans)
          ),
        openVersionMenu: (version, place) =>
          void import('../commands/menu').then(({ openVersionMenu }) =>
            openVersionMenu(commands, version, place.left, place.bottom)
          ),
        version: (action, args) => commands.execute(VERSION_COMMANDS[action], { ...args }),
        edit: start => run(CommandIDs.newEnvironment, start),
        undelete: (namespace, name) => run(CommandIDs.undelete, { namespace, name })
      }
    };

    /** Show what would change, where that is asked for. */
    const preview = async (widget: EnvironmentWidget, asked: IOpenArguments): Promise<void> => {
      const { name, update, add = [], addPip = [], lock } = asked;
      if (update) {
        widget.previewUpdate(update);
      }
      if (lock) {
        widget.previewPlatforms(lock);
      }
      if (add.length + addPip.length === 0) {
        return;
      }
      try {
        const repeated = await widget.previewAdding(add, addPip);
        if (repeated.length > 0) {
          Notification.info(trans.__('%1 asks for %2 already.', name, repeated.join(', ')), {
            autoClose: 8_000
          });
        }
      } catch (error) {
        tellFailure(trans.__('Nothing was added to %1.', name), error, trans);
      }
    };

    commands.addCommand(CommandIDs.openEnvironment, {
      label: args => {
        if (args['build'] !== undefined) {
          return trans.__('Show the build');
        }
        switch (args['tab']) {
          case 'builds':
            return trans.__('Show builds');
          case 'versions':
            return trans.__('Show versions');
          case 'share':
            return trans.__('Share');
          default:
            return trans.__('Edit packages');
        }
      },
      caption: trans.__('Show an environment in the main area'),
      icon: environmentsIcon,
      describedBy: { args: ARGUMENTS as unknown as ReadonlyJSONObject },
      execute: async args => {
        const asked = args as unknown as IOpenArguments;
        const { namespace, name, tab, build, before, after } = asked;
        const sides = before && after ? { before, after } : null;
        const [{ EnvironmentWidget }, { Place }, memory] = await Promise.all([
          import('../environment/widget'),
          import('../environment/place'),
          (kept ??= keep())
        ]);
        // Only now: another click may have opened it meanwhile.
        const open = find({ namespace, name });
        if (open) {
          if (sides || (tab === 'versions' && open.place.sides)) {
            open.place.compare(sides);
          } else if (tab) {
            open.place.go(tab, build ?? null);
          }
          shell.activateById(open.id);
          await preview(open, asked);
          return;
        }
        const place = new Place(namespace, name, tab, build, sides);
        const widget = new EnvironmentWidget(place, { ...context, ...memory }, trans);
        shell.add(widget, 'main', { type: 'Environment' });
        widget.place.changed.connect(() => void tracker.save(widget));
        await tracker.add(widget);
        shell.activateById(widget.id);
        await preview(widget, asked);
      }
    });

    model.renamed.connect((_, { before, after }) => {
      // What was kept of it, from an earlier day too, goes where it goes.
      void (kept ??= keep()).then(({ drafts }) => drafts.move(before, after));
      const open = find(before);
      const other = find(after);
      if (open) {
        if (other !== open) {
          // Of an environment that had this name before, and is gone.
          other?.dispose();
        }
        open.place.rename(after);
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
          ...(place.build !== null && { build: place.build }),
          ...place.sides
        })
      });
    }
  }
};
