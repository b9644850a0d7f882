/**
 * A notebook's panel and the store behind it, as far as they matter to what a notebook carries.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { JSONObject } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import type {
  IEmbedRequest,
  INotebookEdit,
  INotebookState,
  IRecordRequest,
  IStateRequest
} from '../api/types';
import { BareNotebooks } from '../model/bare-notebooks';
import { Carriable } from '../model/carriable';
import { NotebookStandings, type NotebookStanding } from '../model/notebook-standing';
import { RunningVersions } from '../model/running-versions';

export const KERNEL = 'envstore-local--geo';

export class FakePanel extends Widget {
  stored: JSONObject = { kernelspec: { name: KERNEL } };
  source = '';
  readonly content = {};
  readonly context = {
    path: 'rivers.ipynb',
    ready: Promise.resolve(),
    pathChanged: new Signal<object, string>(this),
    saveState: new Signal<object, string>(this)
  };
  readonly model = {
    collaborative: false,
    metadataChanged: new Signal<object, unknown>(this),
    sharedModel: {
      panel: this as FakePanel,
      get metadata(): JSONObject {
        return this.panel.stored;
      },
      get cells(): object[] {
        return [{ getSource: () => this.panel.source }];
      },
      getMetadata: (key: string) => this.stored[key],
      setMetadata: (key: string, value: JSONObject) => {
        this.stored = { ...this.stored, [key]: value };
        this.model.metadataChanged.emit(undefined);
      },
      deleteMetadata: (key: string) => {
        this.stored = { ...this.stored };
        delete this.stored[key];
        this.model.metadataChanged.emit(undefined);
      }
    }
  };
  readonly sessionContext = {
    kernelDisplayName: 'geo (v2)',
    kernelPreference: { name: KERNEL },
    session: { kernel: { id: 'k1', name: KERNEL } } as { kernel: { id: string; name: string } } | null,
    kernelChanged: new Signal<object, unknown>(this),
    statusChanged: new Signal<object, string>(this),
    specsManager: {
      specsChanged: new Signal<object, unknown>(this),
      specs: {
        kernelspecs: {
          [KERNEL]: { metadata: { envstore: { environment: 'local/geo', version: 2 } } },
          python3: { metadata: {} }
        }
      }
    }
  };

  /** Give it a kernel. */
  change(kernel: { id: string; name: string }): void {
    this.sessionContext.session = { kernel };
    this.sessionContext.kernelChanged.emit(undefined);
  }

  /** Save it as the host does, and return what would be written. */
  save(): JSONObject {
    this.context.saveState.emit('started');
    return this.stored;
  }

  /** As the code takes it. */
  get real(): NotebookPanel {
    return this as unknown as NotebookPanel;
  }
}

/** A server that can be asked about notebooks. */
export class FakeStore {
  readonly asked: IStateRequest[] = [];
  readonly embedded: IEmbedRequest[] = [];
  readonly recorded: IRecordRequest[] = [];
  readonly versionsChanged = new Signal<object, void>({});
  running: Array<{ id: string; version: number }> = [];
  answer: () => Promise<INotebookState> = async () => aState({ state: 'none' });
  /** What of a version would be carried. */
  gives: (request: IEmbedRequest) => Promise<INotebookEdit> = async ({ environment, platforms }) =>
    anEdit(environment!, platforms);

  readonly client = {
    notebookState: (body: IStateRequest) => {
      this.asked.push(body);
      return this.answer();
    },
    embed: (body: IEmbedRequest) => {
      this.embedded.push(body);
      return this.gives(body);
    },
    record: async (body: IRecordRequest) => {
      this.recorded.push(body);
      return { ...anEdit(''), metadata: { schema: 1, run: { lock: 'a' } } };
    },
    strip: async () => ({ ...anEdit(''), metadata: null }),
    kernels: async () => this.running as never
  };

  readonly bare = new BareNotebooks();
  readonly carriable = new Carriable(this.client, { versionsChanged: this.versionsChanged } as never);
  readonly versions: RunningVersions;
  readonly standings: NotebookStandings;

  constructor(versions?: RunningVersions) {
    const kernels = { running: () => [].values(), runningChanged: new Signal<object, unknown>({}) };
    this.versions = versions ?? new RunningVersions(kernels as never, this.client);
    this.standings = new NotebookStandings({
      client: this.client,
      model: { versionsChanged: this.versionsChanged } as never,
      versions: this.versions,
      carriable: this.carriable,
      bare: this.bare
    });
  }

  of(panel: FakePanel): NotebookStanding {
    return this.standings.standing(panel.real);
  }
}

export function aState(changes: Partial<INotebookState> = {}): INotebookState {
  return {
    state: 'agrees',
    kernel: KERNEL,
    environment: 'local/geo@2',
    carried: '',
    convention: null,
    lock: '',
    platforms: [],
    recorded: '',
    packages: null,
    existing: [],
    building: null,
    direction: null,
    changes: [],
    problem: '',
    ...changes
  };
}

export function anEdit(
  environment: string,
  platforms: ReadonlyArray<string> = ['linux-64', 'osx-arm64']
): INotebookEdit {
  const all = platforms.length > 0 ? platforms : ['linux-64', 'osx-arm64'];
  return {
    changed: true,
    bytes: 60_000,
    environment,
    lock: `${environment} ${all.join()}`,
    platforms: all,
    metadata: { schema: 1, lockfile: {}, sha256: `${environment} ${all.join()}` },
    content: null
  };
}

/** Let everything that waits for an answer go on. */
export const settle = (): Promise<void> => new Promise(resolve => setTimeout(resolve));
