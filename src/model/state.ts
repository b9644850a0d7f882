/**
 * What was read of the store, and who is told when it changes. It asks for nothing itself.
 */
import { Signal, type ISignal } from '@lumino/signaling';

import { RequestError, toReport } from '../api/request';
import type { IBuild, IEnvironment, IErrorReport, IPage, IStatus } from '../api/types';
import type { Connection, IRenaming } from '../tokens';
import { BuildBook, type News } from './build-book';
import { EnvironmentList } from './environment-list';

export abstract class StoreState {
  get environments(): ReadonlyArray<IEnvironment> {
    return this.list.items;
  }

  get namespaces(): ReadonlyArray<string> {
    return [...new Set(this.list.items.map(item => item.namespace))];
  }

  get total(): number {
    return Math.max(this._total, this.list.items.length);
  }

  get connection(): Connection {
    return this._connection;
  }

  get problem(): IErrorReport | null {
    return this._problem;
  }

  get readAt(): Date | null {
    return this._readAt;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get finished(): ISignal<this, IBuild> {
    return this._finished;
  }

  get kernelsChanged(): ISignal<this, void> {
    return this._kernelsChanged;
  }

  get versionsChanged(): ISignal<this, void> {
    return this.versionsAltered;
  }

  get renamed(): ISignal<this, IRenaming> {
    return this.named;
  }

  environment(namespace: string, name: string): IEnvironment | undefined {
    return this.list.find(namespace, name);
  }

  build(id: number): IBuild | undefined {
    return this.book.get(id);
  }

  /** Take a reading of the whole list, and of what the server says about itself. */
  protected putAll(page: IPage<IEnvironment>, status: IStatus, at: number): void {
    const wasAway = this._connection.kind === 'failed';
    this._connection = { kind: 'answered' };
    this._problem = status.problem;
    this._readAt = new Date(at);
    this._total = page.total;
    this.alter(() => this.list.replace(page.items.map(item => this.book.update(item))));
    if (wasAway) {
      // Of what happened meanwhile nobody told.
      this.versionsAltered.emit();
    }
  }

  protected put(environment: IEnvironment): void {
    this.alter(() => this.list.put(this.book.update(environment)));
  }

  protected drop(namespace: string, name: string): void {
    this.alter(() => this.list.drop(namespace, name));
  }

  /** Take a reading of a build. */
  protected putBuild(build: IBuild, at: number): News {
    const news = this.book.take(build, at);
    if (news !== 'nothing') {
      this.show(build.id);
    }
    if (news === 'ended') {
      this._finished.emit(this.book.get(build.id)!);
      if (build.state === 'ready') {
        this._kernelsChanged.emit();
        this.versionsAltered.emit();
      }
    }
    return news;
  }

  /** Bring the list into line with the book. */
  protected show(id: number): void {
    const build = this.book.get(id);
    this.alter(() => build && this.list.putBuild(build));
  }

  protected fail(error: unknown): void {
    const status = error instanceof RequestError ? error.status : undefined;
    this._connection = { kind: 'failed', error: toReport(error), status };
    this._changed.emit();
  }

  private alter(change: () => void): void {
    const kernels = this.list.kernels;
    change();
    this._changed.emit();
    if (kernels !== this.list.kernels) {
      this._kernelsChanged.emit();
    }
  }

  protected readonly versionsAltered = new Signal<this, void>(this);
  protected readonly named = new Signal<this, IRenaming>(this);
  protected readonly list = new EnvironmentList();
  protected readonly book = new BuildBook();
  private _connection: Connection = { kind: 'asking' };
  private _problem: IErrorReport | null = null;
  private _readAt: Date | null = null;
  private _total = 0;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _finished = new Signal<this, IBuild>(this);
  private readonly _kernelsChanged = new Signal<this, void>(this);
}
