/**
 * Keeps what is known of the store up to date: by events and, where those stay out, by asking again. It knows nothing
 * of how that is shown.
 */
import type { IStoreEvent } from '../api/events';
import { isRefusedEntry, RequestError } from '../api/request';
import { isActive, type IBuild, type ICreateRequest, type IEnvironment } from '../api/types';
import type { IEnvStoreClient, IEnvStoreModel, IFindings } from '../tokens';
import { Again } from './again';
import { keyOf } from './environment-list';
import { isDue, readEnvironments } from './reading';
import { StoreState } from './state';

export class EnvStoreModel extends StoreState implements IEnvStoreModel {
  /**
   * @param client - Where the state is read.
   * @param now - The time, in milliseconds.
   */
  constructor(
    private readonly client: IEnvStoreClient,
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

  async find(text: string, signal?: AbortSignal): Promise<IFindings> {
    const [named, having] = await Promise.all([
      // Names are known here already, but for a store that is too great to be read whole.
      this.total > this.environments.length ? readEnvironments(this.client, { search: text }, signal) : null,
      readEnvironments(this.client, { package: text.toLowerCase() }, signal)
    ]);
    return {
      environments: [...(named?.items ?? []), ...having.items],
      withPackage: new Set(having.items.map(keyOf))
    };
  }

  async create(body: ICreateRequest): Promise<IBuild> {
    return this.began(await this.client.create(body));
  }

  async retry(id: number): Promise<IBuild> {
    return this.began(await this.client.retry(id));
  }

  async cancel(id: number): Promise<void> {
    this.book.beginCancel(id);
    this.show(id);
    try {
      const build = await this.client.cancel(id);
      this.book.endCancel(id, true);
      this.take(build);
    } catch (error) {
      this.book.endCancel(id, false);
      this.show(id);
      throw error;
    }
  }

  async remove(namespace: string, name: string): Promise<void> {
    await this.client.remove(namespace, name);
    this._mutations++;
    this.drop(namespace, name);
  }

  async undelete(namespace: string, name: string): Promise<IEnvironment> {
    const environment = await this.client.undelete(namespace, name);
    this._mutations++;
    this.put(environment);
    return environment;
  }

  /** Take an event of the server: read what it names. */
  receive(event: IStoreEvent): void {
    if (event.build === undefined) {
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

  private async readEnvironment(namespace: string, name: string): Promise<void> {
    try {
      this.put(await this.ask(() => this.client.environment(namespace, name)));
    } catch (error) {
      if (isMissing(error)) {
        this.drop(namespace, name);
      }
    }
  }

  /** Take a build that was just queued. */
  private async began(build: IBuild): Promise<IBuild> {
    this._mutations++;
    this.take(build);
    await this.readEnvironment(build.namespace, build.name);
    return build;
  }

  /** Take the reading of a build, and read its environment where that must have changed with it. */
  private take(build: IBuild): void {
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

function isMissing(error: unknown): boolean {
  return error instanceof RequestError && error.status === 404;
}
