/**
 * What is known of the store: environments and builds, kept up to date.
 */
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type {
  IBuild,
  ICollection,
  ICreateRequest,
  IEditRequest,
  IEnvironment,
  IErrorReport,
  IImportRequest,
  IPlatformOverview,
  IPreview,
  IPreviewRequest,
  IRestoration,
  IRestoreRequest,
  IVersion
} from '../api/types';
import type { IRenaming, IVersionName } from './names';

/** Whether the server answers: not yet asked, it did, or it failed. */
export type Connection =
  | { readonly kind: 'asking' }
  | { readonly kind: 'answered' }
  | { readonly kind: 'failed'; readonly error: IErrorReport; readonly status?: number };

/** What a search among the environments gave. */
export interface IFindings {
  readonly environments: ReadonlyArray<IEnvironment>;
  /** Those of them whose active version has the package, as `namespace/name` in lower case. */
  readonly withPackage: ReadonlySet<string>;
}

/**
 * What is known of the store, kept up to date. What a person asked for and what can hardly fail is shown at once and
 * taken back when it is refused.
 */
export interface IEnvStoreModel {
  /** The environments, by namespace and name: an order that does not change while builds run. */
  readonly environments: ReadonlyArray<IEnvironment>;
  /** Their namespaces, in the order of `environments`. */
  readonly namespaces: ReadonlyArray<string>;
  /** How many environments the store has; more than `environments` in a store with thousands. */
  readonly total: number;
  readonly connection: Connection;
  /** Why the server cannot run builds at the moment; null when it can. */
  readonly problem: IErrorReport | null;
  /** When `environments` was read last; null before the first time. */
  readonly readAt: Date | null;

  /** Emitted when anything above, or any build, has changed. */
  readonly changed: ISignal<this, void>;
  /** Emitted once for each build whose end was seen. */
  readonly finished: ISignal<this, IBuild>;
  /** Emitted when a kernel came, went or moved to another version. */
  readonly kernelsChanged: ISignal<this, void>;
  /** Emitted when versions may have been made, activated, pinned, described, deleted, or freed, by whomever. */
  readonly versionsChanged: ISignal<this, void>;
  /** Emitted when an environment was seen to have another name, before it is known by that. */
  readonly renamed: ISignal<this, IRenaming>;

  environment(namespace: string, name: string): IEnvironment | undefined;
  /**
   * Read an environment, which need not be among `environments`. The answer to a former name has the new one, of which
   * `renamed` tells.
   */
  read(namespace: string, name: string): Promise<IEnvironment>;
  /** A build that was read before; see `track`. */
  build(id: number): IBuild | undefined;

  /** Read everything again. Never rejects: `connection` says how it went. */
  refresh(): Promise<void>;
  /** Read one build, and keep it up to date from now on until it has ended. */
  track(id: number): Promise<IBuild>;
  /** Ask the server which environments have a text in their name, or a package that is called so. */
  find(text: string, signal?: AbortSignal): Promise<IFindings>;

  create(body: ICreateRequest): Promise<IBuild>;
  /** Queue the build of a new environment from a file of whatever format. */
  importFile(body: IImportRequest): Promise<IBuild>;
  /** Have what a notebook carries here: the version that is there, or the build that makes it. */
  restore(body: IRestoreRequest): Promise<IRestoration>;
  cancel(id: number): Promise<void>;
  retry(id: number): Promise<IBuild>;
  remove(namespace: string, name: string): Promise<void>;
  undelete(namespace: string, name: string): Promise<IEnvironment>;

  /** Queue the build of a new version, from an edit or an update. */
  edit(namespace: string, name: string, body: IEditRequest): Promise<IBuild>;
  /**
   * Find out on which of these platforms a version can be had, however long it takes. Rejects with an `AbortError` when
   * `signal` ends it: the server then gives it up too.
   */
  checkPlatforms(
    version: IVersionName,
    platforms: ReadonlyArray<string>,
    signal?: AbortSignal
  ): Promise<IPlatformOverview>;
  /**
   * Find out what an edit or an update would change, however long it takes. Rejects with a `RequestError` as the build
   * would fail, and with an `AbortError` when `signal` ends it: the server then gives it up too.
   */
  preview(body: IPreviewRequest, signal?: AbortSignal): Promise<IPreview>;
  /** Make a version the active one: at once (null), or by the returned build that makes its files first. */
  activate(namespace: string, name: string, number: number): Promise<IBuild | null>;
  pin(version: IVersionName, pinned: boolean): Promise<IVersion>;
  /** Correct the message of a version. */
  describeVersion(version: IVersionName, message: string): Promise<IVersion>;
  deleteVersion(version: IVersionName): Promise<IVersion>;
  /** Queue the making anew of a version's files. */
  repair(version: IVersionName): Promise<IBuild>;
  /** Queue the build of an environment that has the lock of a version of another one. */
  clone(namespace: string, name: string, newName: string, version?: number): Promise<IBuild>;
  rename(namespace: string, name: string, newName: string): Promise<IEnvironment>;
  schedule(namespace: string, name: string, schedule: 'off' | 'weekly'): Promise<IEnvironment>;
  /** Free what nobody needs. */
  collect(): Promise<ICollection>;
}

/**
 * Ask for this token to know what is in the store.
 */
export const IEnvStoreModel = new Token<IEnvStoreModel>(
  'jupyter-envstore:IEnvStoreModel',
  'What is known of the environments and builds of jupyter-envstore, kept up to date.'
);
