/**
 * Which versions the kernels run that are running. Their specs say only what would be started now, so the server is
 * asked, which looks at the processes.
 */
import type { Kernel } from '@jupyterlab/services';
import { Signal, type ISignal } from '@lumino/signaling';

import type { IEnvStoreClient } from '../tokens';
import { Again } from './again';

/** How the kernels of all stores are called. */
const OURS = /^envstore-/;

/** What of the host's kernels has to be known. */
export type Kernels = Pick<Kernel.IManager, 'running' | 'runningChanged'>;

export class RunningVersions {
  /** The one that watches these kernels: several parts of the page want to know the same. */
  static of(kernels: Kernels, client: Pick<IEnvStoreClient, 'kernels'>): RunningVersions {
    let known = all.get(kernels);
    if (!known) {
      known = new RunningVersions(kernels, client);
      all.set(kernels, known);
    }
    return known;
  }

  constructor(
    private readonly kernels: Kernels,
    private readonly client: Pick<IEnvStoreClient, 'kernels'>
  ) {
    kernels.runningChanged.connect(this.onRunningChanged, this);
    this.onRunningChanged();
  }

  /** Emitted when a kernel was seen to run another version than before. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The number of the version that a kernel was started with; undefined while that is not known. */
  version(kernel: string): number | undefined {
    return this._versions.get(kernel);
  }

  /** Look again, as after a restart: the kernel's id is then the same. Never rejects. */
  refresh(): Promise<void> {
    return this._reading.run();
  }

  /** Look whether a kernel runs of which the version is not known: the host may list it only later. */
  expect({ id, name }: { id: string; name: string }): void {
    if (OURS.test(name) && !this._versions.has(id)) {
      void this.refresh();
    }
  }

  private onRunningChanged(): void {
    if (Array.from(this.kernels.running()).some(({ name }) => OURS.test(name))) {
      void this.refresh();
    }
  }

  private async read(): Promise<void> {
    try {
      const found = await this.client.kernels();
      const versions = new Map(found.map(({ id, version }) => [id, version]));
      const isSame = (id: string): boolean => versions.get(id) === this._versions.get(id);
      if (![...versions.keys(), ...this._versions.keys()].every(isSame)) {
        this._versions = versions;
        this._changed.emit();
      }
    } catch {
      // The list says that the server is away. What was known stays until it is asked again.
    }
  }

  private _versions: ReadonlyMap<string, number> = new Map();
  private readonly _reading = new Again(() => this.read());
  private readonly _changed = new Signal<this, void>(this);
}

const all = new WeakMap<Kernels, RunningVersions>();
