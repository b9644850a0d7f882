import type { ServiceManager } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';

import type { IRunningKernel } from '../api/types';
import { kernelsOfEnvironments } from '../environment/kernels';
import { runningText } from '../environment/kernel-text';
import type { NotebookStanding } from '../model/notebook-standing';
import { RunningVersions } from '../model/running-versions';
import { FakePanel, FakeStore } from './notebook-panel';

const trans = nullTranslator.load('jupyter_envstore');

/** The host with one kernel, and a server that knows what that runs. */
class FakeHost {
  answers: IRunningKernel[] = [];
  asked = 0;
  running = [{ id: 'k1', name: 'envstore-local--geo' }];
  /** The version that the kernel spec starts. */
  active = 2;

  readonly client = {
    kernels: async () => {
      this.asked++;
      return this.answers;
    }
  };

  readonly kernels = {
    running: () => this.running.values(),
    runningChanged: new Signal<object, unknown>(this)
  };

  readonly kernelspecs = {
    specsChanged: new Signal<object, unknown>(this),
    specs: {
      kernelspecs: {
        'envstore-local--geo': {
          metadata: {
            envstore: {
              environment: 'local/geo',
              get version(): number {
                return host.active;
              }
            }
          }
        }
      }
    }
  };

  readonly session = {
    kernelDisplayName: 'geo (v2)',
    kernelPreference: { name: 'envstore-local--geo' },
    session: { kernel: { id: 'k1', name: 'envstore-local--geo' } },
    specsManager: this.kernelspecs,
    kernelChanged: new Signal<object, unknown>(this),
    statusChanged: new Signal<object, string>(this)
  };

  readonly versions = new RunningVersions(this.kernels as never, this.client);

  notebook(versions = this.versions): NotebookStanding {
    const panel = Object.assign(new FakePanel(), { sessionContext: this.session });
    const store = new FakeStore(versions);
    return store.of(panel);
  }

  environments(): ReturnType<typeof kernelsOfEnvironments> {
    return kernelsOfEnvironments(this as unknown as ServiceManager.IManager, this.versions);
  }
}

let host: FakeHost;

beforeEach(() => {
  host = new FakeHost();
});

describe('The version that a kernel runs', () => {
  it('is what the server says, and what a restart would start is told beside it', async () => {
    host.answers = [{ id: 'k1', environment: 'local/geo', version: 1 }];
    const notebook = host.notebook();
    await host.versions.refresh();
    expect(notebook.kernel).toEqual({
      title: 'geo v1',
      environment: 'local/geo',
      version: 'local/geo@1',
      newer: 2
    });
  });

  it('is what its spec says while the server knows nothing better', async () => {
    await host.versions.refresh();
    expect(host.notebook().kernel).toEqual({
      title: 'geo v2',
      environment: 'local/geo',
      version: 'local/geo@2',
      newer: null
    });
  });

  it('is asked for again when the kernel has restarted', async () => {
    host.answers = [{ id: 'k1', environment: 'local/geo', version: 1 }];
    const notebook = host.notebook();
    await host.versions.refresh();
    host.answers = [{ id: 'k1', environment: 'local/geo', version: 2 }];
    const told = new Promise(resolve => notebook.changed.connect(resolve));

    host.session.statusChanged.emit('restarting');
    host.session.statusChanged.emit('idle');
    await told;
    expect(notebook.kernel).toMatchObject({ title: 'geo v2', newer: null });

    const { asked } = host;
    host.session.statusChanged.emit('busy');
    host.session.statusChanged.emit('idle');
    await host.versions.refresh();
    expect(host.asked).toBe(asked + 1);
  });

  it('is not asked for where no kernel of the store runs', async () => {
    host.running = [{ id: 'k2', name: 'python3' }];
    const { asked } = host;
    host.kernels.runningChanged.emit(null);
    host.versions.expect(host.running[0]!);
    expect(host.asked).toBe(asked);
  });

  it('is asked for when a notebook has a kernel that the host does not list yet', async () => {
    host.running = [];
    host.answers = [{ id: 'k1', environment: 'local/geo', version: 1 }];
    const versions = new RunningVersions(host.kernels as never, host.client);
    const notebook = host.notebook(versions);
    await versions.refresh();
    expect(notebook.kernel).toMatchObject({ title: 'geo v1', newer: 2 });
    const { asked } = host;
    host.session.kernelChanged.emit(null);
    expect(host.asked).toBe(asked);
  });
});

describe('The kernels of an environment that run', () => {
  it('are told with the version where that is not the active one', async () => {
    host.running = ['k1', 'k2', 'k3'].map(id => ({ id, name: 'envstore-local--geo' }));
    host.answers = [
      { id: 'k1', environment: 'local/geo', version: 1 },
      { id: 'k2', environment: 'local/geo', version: 2 }
    ];
    await host.versions.refresh();
    expect(host.environments().running('local', 'geo')).toEqual([1, 2, 2]);
  });

  it.each([
    [[], 'no kernel running'],
    [[2], '1 kernel running'],
    [[1], '1 kernel running on v1'],
    [[1, 1], '2 kernels running on v1'],
    [[2, 1, 2], '3 kernels running, 1 of them on v1'],
    [[3, 1, 2], '3 kernels running, 2 of them on v1, v3']
  ])('%j are "%s"', (running, text) => {
    expect(runningText(running, 2, trans)).toBe(text);
  });
});
