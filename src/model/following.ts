/**
 * Keeps what is known of the store up to date: by events and, where those stay out, by asking again.
 */
import type { IStoreEvent } from '../api/events';
import { isRefusedEntry, RequestError } from '../api/request';
import { isActive, type IBuild, type IEnvironment, type IPage } from '../api/types';
import type { IEnvStoreClient, IFindings } from '../tokens';
import { Again } from './again';
import { keyOf } from './environment-list';
import { isDue, readEnvironments } from './reading';
import { StoreState } from './state';

export abstract class FollowedStore extends StoreState {
  /**
   * @param client - Where the state is read.
   * @param now - The time, in milliseconds.
   */
  constructor(
    protected readonly client: IEnvStoreClient,
    private readonly now: () => number = Date.now
  ) {
    super();
  }

  refresh(): Promise<void> {
    return this._list.run();
  }

  async track(id: number): Promise<IBuild> {
    this.take(await this.ask(() => this.client.build(id)));
    return this.book.get(id)!;
  }

  async read(namespace: string, name: string): Promise<IEnvironment> {
    const environment = await this.ask(() => this.client.environment(namespace, name));
    if (environment.namespace !== namespace || environment.name !== name) {
      this.named.emit({ before: { namespace, name }, after: environment });
    }
    return environment;
  }

  async find(text: string, signal?: AbortSignal): Promise<IFindings> {
    const [named, having] = await Promise.all([
      // Names are known here already, but for a store that is too great to be read whole.
      this.total > this.environments.length ? readEnvironments(this.client, { search: text }, signal) : null,
      readEnvironments(this.client, { package: text.toLowerCase() }, signal).catch(noneWhereMeaningless)
    ]);
    return {
      environments: [...(named?.items ?? []), ...having.items],
      withPackage: new Set(having.items.map(keyOf))
    };
  }

  /** Take an event of the server: read what it names. */
  receive(event: IStoreEvent): void {
    if (event.build === undefined) {
      this.versionsAltered.emit();
      void this.refresh();
    } else if ((this.book.get(event.build)?.sequence ?? -1) < (event.sequence ?? Infinity)) {
      void this.readBuild(event.build);
    }
  }

  /** To be called every second: read again what nothing was heard of for too long. */
  tick(): void {
    const now = this.now();
    for (const build of this.book.active()) {
      if (isDue('build', this.book.takenAt(build.id), now)) {
        void this.readBuild(build.id);
      }
    }
    if (isDue(this.connection.kind === 'failed' ? 'away' : 'list', this._askedAt, now)) {
      void this.refresh();
    }
  }

  private async readAll(): Promise<void> {
    const mutations = this._mutations;
    const known = this.book.active();
    this._askedAt = this.now();
    try {
      const [page, status] = await Promise.all([readEnvironments(this.client), this.client.status()]);
      if (mutations !== this._mutations) {
        // Asked before something was deleted or made, and answered after: of no use.
        void this.refresh();
        return;
      }
      this.putAll(page, status, this.now());
    } catch (error) {
      this.fail(error);
      return;
    }
    for (const { build } of this.environments) {
      if (build) {
        this.take(build);
      }
    }
    // Of builds that ended unseen the list may not speak any more.
    const listed = new Set(this.environments.map(item => item.build?.id));
    await Promise.all(known.filter(build => !listed.has(build.id)).map(build => this.readBuild(build.id)));
  }

  private readBuild(id: number): Promise<void> {
    let reading = this._builds.get(id);
    if (!reading) {
      reading = new Again(() => this.readBuildOnce(id));
      this._builds.set(id, reading);
    }
    return reading.run();
  }

  private async readBuildOnce(id: number): Promise<void> {
    try {
      this.take(await this.ask(() => this.client.build(id)));
    } catch (error) {
      if (isMissing(error)) {
        this.book.drop(id);
      }
    }
  }

  protected async readEnvironment(namespace: string, name: string): Promise<void> {
    try {
      this.put(await this.ask(() => this.client.environment(namespace, name)));
    } catch (error) {
      if (isMissing(error)) {
        this.drop(namespace, name);
      }
    }
  }

  /** Take an environment as a change that was asked for here has left it. */
  protected altered(environment: IEnvironment): IEnvironment {
    this.mutated();
    this.put(environment);
    return environment;
  }

  /** What was asked before now is not up to date any more. */
  protected mutated(): void {
    this._mutations++;
  }

  /** Take a build that was just queued. */
  protected async began(build: IBuild): Promise<IBuild> {
    this.mutated();
    this.take(build);
    await this.readEnvironment(build.namespace, build.name);
    return build;
  }

  /** Take the reading of a build, and read its environment where that must have changed with it. */
  protected take(build: IBuild): void {
    const news = this.putBuild(build, this.now());
    const listed = this.list.find(build.namespace, build.name);
    if (news === 'ended' || (news === 'changed' && isActive(build) && listed?.build?.id !== build.id)) {
      void this.readEnvironment(build.namespace, build.name);
    }
  }

  /** Ask for something, and learn from that whether the server is there. */
  private async ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      const answer = await question();
      if (this.connection.kind === 'failed') {
        void this.refresh();
      }
      return answer;
    } catch (error) {
      if (!(error instanceof RequestError) || isRefusedEntry(error)) {
        this.fail(error);
      }
      throw error;
    }
  }

  private readonly _list = new Again(() => this.readAll());
  private readonly _builds = new Map<number, Again>();
  private _askedAt = -Infinity;
  private _mutations = 0;
}

/** What is typed into a search box need not be a package's name, nor a match spec: then nothing has it. */
function noneWhereMeaningless(error: unknown): IPage<IEnvironment> {
  if (error instanceof RequestError && error.status === 400) {
    return { items: [], next: null, total: 0 };
  }
  throw error;
}

function isMissing(error: unknown): boolean {
  return error instanceof RequestError && error.status === 404;
}
