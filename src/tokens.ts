/**
 * What other extensions may rely on: the interfaces of this one and the tokens to ask for them. Nothing here
 * may import anything of this package but types.
 */
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type {
  IBuild,
  IBuildRequest,
  ICreateRequest,
  IEnvironment,
  IErrorReport,
  ILogPart,
  IPackage,
  IPage,
  ISearchResult,
  ISpecificationReport,
  IStatus,
  IVersion
} from './api/types';

export type * from './api/types';

/** Which environments are asked for. */
export interface IEnvironmentQuery {
  /** Part of the name, in any case. */
  readonly search?: string;
  readonly namespace?: string;
  /** The name of a package that the active version has. */
  readonly package?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

/** Which packages are asked for. */
export interface ISearchQuery {
  readonly pattern: string;
  readonly channel?: ReadonlyArray<string>;
  readonly platform?: string;
  readonly limit?: number;
}

/**
 * The HTTP API of the server extension. Every method rejects with `ServerAwayError` when nothing answers and with
 * `RequestError` (message, code, details) when the answer is an error.
 */
export interface IEnvStoreClient {
  /** Which program answers, and on which store it works. */
  status(): Promise<IStatus>;

  /** One page of the environments, those changed last first. */
  environments(query?: IEnvironmentQuery, signal?: AbortSignal): Promise<IPage<IEnvironment>>;
  environment(namespace: string, name: string): Promise<IEnvironment>;
  /** Queue the build of a new environment's first version. */
  create(body: ICreateRequest): Promise<IBuild>;
  /** Change what an environment is said to be for. */
  describe(namespace: string, name: string, description: string): Promise<IEnvironment>;
  remove(namespace: string, name: string): Promise<IEnvironment>;
  undelete(namespace: string, name: string): Promise<IEnvironment>;

  /** One page of the versions of an environment, the newest first. */
  versions(
    namespace: string,
    name: string,
    query?: { limit?: number; cursor?: string }
  ): Promise<IPage<IVersion>>;
  version(namespace: string, name: string, number: number): Promise<IVersion>;
  packages(
    namespace: string,
    name: string,
    number: number,
    query?: { platform?: string }
  ): Promise<IPage<IPackage>>;

  /** One page of the builds, the newest first. */
  builds(query?: {
    state?: string[];
    environment?: string;
    limit?: number;
    cursor?: string;
  }): Promise<IPage<IBuild>>;
  build(id: number): Promise<IBuild>;
  /** What a build was asked to do. */
  buildRequest(id: number): Promise<IBuildRequest>;
  /** Ask for a build's end. */
  cancel(id: number): Promise<IBuild>;
  /** Queue a failed or cancelled build again: a build of its own, with a new id. */
  retry(id: number): Promise<IBuild>;
  /** What a build's log has from byte `offset` on. */
  log(id: number, offset?: number): Promise<ILogPart>;

  /** Find packages in the channels. */
  search(query: ISearchQuery, signal?: AbortSignal): Promise<IPage<ISearchResult>>;
  /** What the channels offer of one package. */
  package(
    name: string,
    query?: { channel?: ReadonlyArray<string>; platform?: string },
    signal?: AbortSignal
  ): Promise<ISearchResult>;
  /** How an environment.yml is understood, and what is wrong with it. */
  check(specification: string, signal?: AbortSignal): Promise<ISpecificationReport>;
}

/**
 * Ask for this token to call the server extension.
 */
export const IEnvStoreClient = new Token<IEnvStoreClient>(
  'jupyter-envstore:IEnvStoreClient',
  'A typed client for the HTTP API of jupyter-envstore.'
);

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

  environment(namespace: string, name: string): IEnvironment | undefined;
  /** A build that was read before; see `track`. */
  build(id: number): IBuild | undefined;

  /** Read everything again. Never rejects: `connection` says how it went. */
  refresh(): Promise<void>;
  /** Read one build, and keep it up to date from now on until it has ended. */
  track(id: number): Promise<IBuild>;
  /** Ask the server which environments have a text in their name, or a package that is called so. */
  find(text: string, signal?: AbortSignal): Promise<IFindings>;

  create(body: ICreateRequest): Promise<IBuild>;
  cancel(id: number): Promise<void>;
  retry(id: number): Promise<IBuild>;
  remove(namespace: string, name: string): Promise<void>;
  undelete(namespace: string, name: string): Promise<IEnvironment>;
}

/**
 * Ask for this token to know what is in the store.
 */
export const IEnvStoreModel = new Token<IEnvStoreModel>(
  'jupyter-envstore:IEnvStoreModel',
  'What is known of the environments and builds of jupyter-envstore, kept up to date.'
);

/** A part of the environment tab. */
export type EnvironmentTab = 'packages' | 'yaml' | 'versions' | 'builds';

/** Commands that other extensions may run, with their arguments. */
export const CommandIDs = {
  /** Show the panel. No arguments. */
  openPanel: 'envstore:open-panel',
  /** Read everything again. No arguments. */
  refresh: 'envstore:refresh',
  /** Open the tab of an environment: `{namespace, name, tab?: EnvironmentTab, build?: number}`. */
  openEnvironment: 'envstore:open-environment',
  /** Open the dialog for a new one: `{specification?: string, path?: string, packages?: string[]}`. */
  newEnvironment: 'envstore:new-environment',
  /** Choose a file on this computer and open the dialog with it. No arguments. */
  importFile: 'envstore:import-file',
  /** Open the dialog with the file that is selected in the file browser: `{path?: string}`. */
  createFromFile: 'envstore:create-from-file',
  /** Open a new notebook on an environment: `{namespace?, name?, cwd?}`; asks which one when it is not named. */
  openNotebook: 'envstore:open-notebook',
  /** Open a terminal in which an environment is active: `{namespace?, name?}`. */
  openTerminal: 'envstore:open-terminal',
  /** Put the command that activates an environment in a shell into the clipboard: `{namespace?, name?}`. */
  copyActivate: 'envstore:copy-activate-command',
  /** Cancel a build: `{build}`, or that of `{namespace, name}`. */
  cancelBuild: 'envstore:cancel-build',
  /** Queue a failed build again: `{build}`, or that of `{namespace, name}`. */
  retryBuild: 'envstore:retry-build',
  /** Delete an environment after asking: `{namespace?, name?}`. */
  deleteEnvironment: 'envstore:delete-environment',
  /** Bring back a deleted environment: `{namespace, name}`. */
  undelete: 'envstore:undelete-environment'
} as const;
