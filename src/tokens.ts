/**
 * What other extensions may rely on: the interfaces of this one and the tokens to ask for them. Nothing here
 * may import anything of this package but types.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';
import { Token, type JSONObject } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type {
  IBuild,
  IBuildRequest,
  IChangeVersionRequest,
  ICollection,
  IComparison,
  ICreateRequest,
  IEditedSpecification,
  IEditRequest,
  IEditTextRequest,
  IEmbedRequest,
  IEnvironment,
  IErrorReport,
  IFinding,
  IImportRequest,
  ILockfileReport,
  ILockfileRequest,
  ILogPart,
  IMachineReport,
  IModuleSupplier,
  INotebookEdit,
  INotebookReport,
  INotebookReportRequest,
  INotebookState,
  IPackage,
  IPage,
  IPlatformCheck,
  IPlatformOverview,
  IPreview,
  IPreviewRequest,
  IPreviewState,
  IRecordRequest,
  IRestoration,
  IRestoreRequest,
  IRunningKernel,
  ISearchResult,
  ISentFile,
  ISharedFormat,
  ISpecificationReport,
  IStateRequest,
  IStatus,
  IStripRequest,
  IUsage,
  IVerificationReport,
  IVersion
} from './api/types';

export type * from './api/types';

/** Which environments are asked for. */
export interface IEnvironmentQuery {
  /** Part of the name, in any case. */
  readonly search?: string;
  readonly namespace?: string;
  /** A package that the active version has: its name, or a match spec. */
  readonly package?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

/** Which versions are looked for. */
export interface IFindQuery {
  /** The name of a package, or a match spec such as `numpy >=1.26,<2`. */
  readonly package: string;
  /** Leave out versions that are not the active one of their environment. */
  readonly activeOnly?: boolean;
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

/** Which environment is meant; an `IEnvironment` is one of these too. */
export interface IEnvironmentName {
  readonly namespace: string;
  readonly name: string;
}

/** Which version is meant; an `IVersion` is one of these too. */
export interface IVersionName extends IEnvironmentName {
  readonly number: number;
}

/** An environment got another name. */
export interface IRenaming {
  readonly before: IEnvironmentName;
  readonly after: IEnvironmentName;
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
  /** Make a version the active one; answers the build when its files have to be made first, see `isBuild`. */
  activate(namespace: string, name: string, number: number): Promise<IEnvironment | IBuild>;
  /** How often an update is prepared, to be looked at. */
  schedule(namespace: string, name: string, schedule: 'off' | 'weekly'): Promise<IEnvironment>;
  rename(namespace: string, name: string, newName: string): Promise<IEnvironment>;
  /** Queue the build of an environment that has the lock of a version of this one, of the active one by default. */
  clone(namespace: string, name: string, newName: string, version?: number): Promise<IBuild>;
  remove(namespace: string, name: string): Promise<IEnvironment>;
  undelete(namespace: string, name: string): Promise<IEnvironment>;

  /** One page of the versions of an environment, the newest first. */
  versions(
    namespace: string,
    name: string,
    query?: { limit?: number; cursor?: string }
  ): Promise<IPage<IVersion>>;
  version(namespace: string, name: string, number: number): Promise<IVersion>;
  /** Queue the build of a new version, from an edit or an update. */
  edit(namespace: string, name: string, body: IEditRequest): Promise<IBuild>;
  /** Pin a version or let it go, or correct its message. */
  changeVersion(version: IVersionName, body: IChangeVersionRequest): Promise<IVersion>;
  /** Delete a version; its number stays taken. */
  deleteVersion(version: IVersionName): Promise<IVersion>;
  /** Queue the making anew of a version's files. */
  repair(version: IVersionName): Promise<IBuild>;
  /** Read every file of a version; may take as long as reading a gigabyte. */
  verify(version: IVersionName): Promise<IVerificationReport>;
  /** Make sure that a kernel of this very version exists; answers its name. */
  kernel(version: IVersionName): Promise<string>;
  /** Which versions the kernels that run were started with; those of other programs are left out. */
  kernels(): Promise<ReadonlyArray<IRunningKernel>>;
  /** What differs from `before` to `after`: versions of one environment or of two. */
  compare(before: IVersionName, after: IVersionName, signal?: AbortSignal): Promise<IComparison>;
  packages(
    namespace: string,
    name: string,
    number: number,
    query?: { platform?: string }
  ): Promise<IPage<IPackage>>;

  /** What a version would be in each format; for one platform where one is named. */
  formats(version: IVersionName, platform?: string): Promise<IPage<ISharedFormat>>;
  /** A version as a file in one of the formats. */
  export(version: IVersionName, format: string, platform?: string): Promise<ISentFile>;
  /** Queue the build of a new environment from a file of whatever format. */
  importFile(body: IImportRequest): Promise<IBuild>;
  /** On which platforms a version can be had, as far as is known. */
  platforms(version: IVersionName): Promise<IPlatformOverview>;
  /** Begin to find out on which of these platforms it can be had; answers after a second at the latest. */
  checkPlatforms(
    version: IVersionName,
    platforms: ReadonlyArray<string>,
    signal?: AbortSignal
  ): Promise<IPlatformCheck>;
  platformCheck(id: string, signal?: AbortSignal): Promise<IPlatformCheck>;
  /** Nobody wants a check any more. */
  cancelPlatformCheck(id: string): Promise<IPlatformCheck>;
  /** On what machines a version was locked and built, and what stands between it and this one. */
  machines(version: IVersionName): Promise<IMachineReport>;

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
  /** Which package supplies a module that code imports; with a reference, in that environment or version. */
  supplier(module: string, environment?: string, signal?: AbortSignal): Promise<IModuleSupplier>;
  /** How an environment.yml is understood, and what is wrong with it. */
  check(specification: string, signal?: AbortSignal): Promise<ISpecificationReport>;
  /** What a lockfile from outside holds, and what is in the way of an environment from it. */
  lookInto(body: ILockfileRequest, signal?: AbortSignal): Promise<ILockfileReport>;
  /** Change an environment.yml; its comments and its order stay. */
  editText(body: IEditTextRequest, signal?: AbortSignal): Promise<IEditedSpecification>;

  /** Begin to find out what an edit or an update would change; answers after a second at the latest. */
  preview(body: IPreviewRequest, signal?: AbortSignal): Promise<IPreviewState>;
  previewState(id: string, signal?: AbortSignal): Promise<IPreviewState>;
  /** Nobody wants a preview any more. */
  cancelPreview(id: string): Promise<IPreviewState>;

  /** One page of the versions that have a package, the active ones first. */
  find(query: IFindQuery, signal?: AbortSignal): Promise<IPage<IFinding>>;

  /** How what a notebook carries stands to its kernel. */
  notebookState(body: IStateRequest, signal?: AbortSignal): Promise<INotebookState>;
  /** Let a notebook carry a version: answers what its metadata is to say under `envstore`. */
  embed(body: IEmbedRequest): Promise<INotebookEdit>;
  /** Let a notebook say that it was run as a whole: answers what its metadata is to say under `envstore`. */
  record(body: IRecordRequest): Promise<INotebookEdit>;
  /** Take out of a notebook what was put into it. */
  strip(body: IStripRequest): Promise<INotebookEdit>;
  /** What a notebook carries; with `build`, have it here: the version that is there, or the build that makes it. */
  restore(body: IRestoreRequest, signal?: AbortSignal): Promise<IRestoration>;
  /** What stands between a notebook and the same results elsewhere. */
  report(body: INotebookReportRequest, signal?: AbortSignal): Promise<INotebookReport>;

  /** What everything costs on disk. */
  usage(signal?: AbortSignal): Promise<IUsage>;
  /** Free what nobody needs; with `dryRun` only say what that would be. */
  collect(dryRun: boolean): Promise<ICollection>;
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

/** A kernel, as people know it. */
export interface IKernelInUse {
  /** "geo v3" for one of ours, else the kernel's own title. */
  readonly title: string;
  /** The environment that it belongs to, as `namespace/name`; null when it is none of ours. */
  readonly environment: string | null;
  /** The version that it runs, as `namespace/name@3`; null when it is none of ours. */
  readonly version: string | null;
  /** The number of the version that it would run after a restart; null when that is the same. */
  readonly newer: number | null;
}

/**
 * How the environment that an open notebook carries stands to the kernel that it runs on, kept up to date while the
 * notebook is visible.
 */
export interface INotebookStanding {
  readonly panel: NotebookPanel;
  /** Null when the notebook has no kernel. */
  readonly kernel: IKernelInUse | null;
  /** What the server says; null before it was asked, and while it is away. */
  readonly state: INotebookState | null;
  /** Whether `state` is about what is the case now, and not about what was before something changed. */
  readonly isSettled: boolean;
  /** Whether somebody took out what it carried, so that it is to stay without. */
  readonly isBare: boolean;
  /** Whether the next saving lets it carry the version that it runs on. */
  readonly isFollowing: boolean;
  /** What its metadata says under our name; null when that is nothing. */
  readonly carried: JSONObject | null;
  /** Hash of the lock of its last complete run, which it says now or once it carries something; null without one. */
  readonly ranOn: string | null;
  /** What it would get of its kernel's version, and how much that adds; null until it was prepared. */
  readonly offered: INotebookEdit | null;
  /** Emitted when anything above has changed. */
  readonly changed: ISignal<this, void>;

  /** All of the notebook's metadata, as it is being edited. */
  metadata(): JSONObject;
  /** Ask the server again. Never rejects. */
  refresh(): Promise<void>;
  /** Find out what it would get. Never rejects. */
  prepare(): Promise<void>;
  /** Let the notebook carry a version, that of its kernel when none is named. It is not saved. */
  embed(environment?: string, platforms?: ReadonlyArray<string>): Promise<INotebookEdit>;
  /**
   * Let the notebook say that it was run as a whole: at once where it carries an environment, else as soon as it
   * carries one. It is not saved.
   *
   * @param environment - The version that its kernel was started with.
   * @param counts - The numbers that its cells of code got, in their order.
   */
  record(environment: string, counts: ReadonlyArray<number | null>): Promise<INotebookEdit>;
  /** Let it say nothing of that run any more. It is not saved. */
  forgetRun(): void;
  /** Take out what was put into it. It is not saved, and saving does not put anything in again. */
  strip(): Promise<INotebookEdit>;
  /** Let it carry what it carried before, or nothing: undoes one of the above. It is not saved. */
  putBack(carried: JSONObject | null): void;
  /** Let it carry what was prepared before, beside what else stands there: as saving does on its own. */
  carry(prepared: JSONObject): void;
  /** Say whether the next saving will do that. */
  follow(isFollowing: boolean): void;
}

/** The environments that open notebooks carry. */
export interface IEnvStoreNotebooks {
  /** How a notebook stands: the same object for the same notebook, until that is closed. */
  standing(panel: NotebookPanel): INotebookStanding;
}

/**
 * Ask for this token to know what environments open notebooks carry.
 */
export const IEnvStoreNotebooks = new Token<IEnvStoreNotebooks>(
  'jupyter-envstore:IEnvStoreNotebooks',
  'What environments open notebooks carry, and how those stand to their kernels.'
);

/** What a report may do besides reading the notebook; both take longer. */
export interface IReportOptions {
  /** Read every file of the notebook's environment. */
  readonly verify?: boolean;
  /** Ask channels and indexes whether they still offer its packages. */
  readonly fetch?: boolean;
}

/** The report on an open notebook: what stands between it and the same results elsewhere. */
export interface INotebookReporting {
  readonly panel: NotebookPanel;
  /** The last report; null before the first one. */
  readonly report: INotebookReport | null;
  /** Why there is no newer report; null when there is. */
  readonly error: IErrorReport | null;
  readonly isChecking: boolean;
  /** What has changed since the last report: how the notebook stands to its environment, its content, or nothing. */
  readonly since: 'standing' | 'content' | null;
  /** What the last report was asked to do. */
  readonly options: IReportOptions;
  /** Emitted when anything above has changed. */
  readonly changed: ISignal<this, void>;

  /** Make a report. What it was asked to do once, it does each time. Never rejects: `error` says how it went. */
  check(options?: IReportOptions): Promise<INotebookReport | null>;
  /** Which cell of the notebook the report means by a number: its index now; -1 when it is gone. */
  cellAt(number: number): number;
}

/** The reports on open notebooks. */
export interface IEnvStoreReports {
  /** The report on a notebook: the same object for the same notebook. It is made when it is asked for. */
  reporting(panel: NotebookPanel): INotebookReporting;
}

/**
 * Ask for this token to know what stands between open notebooks and the same results elsewhere.
 */
export const IEnvStoreReports = new Token<IEnvStoreReports>(
  'jupyter-envstore:IEnvStoreReports',
  'Reports on what stands between open notebooks and the same results elsewhere.'
);

/** A part of the environment tab. */
export type EnvironmentTab = 'packages' | 'yaml' | 'versions' | 'builds' | 'share';

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
  /** Delete an environment after asking, or without where no version was built: `{namespace?, name?, dismiss?}`. */
  deleteEnvironment: 'envstore:delete-environment',
  /** Bring back a deleted environment: `{namespace, name}`. */
  undelete: 'envstore:undelete-environment',
  /** Give an environment another name: `{namespace?, name?, newName?}`. */
  renameEnvironment: 'envstore:rename-environment',
  /** Make an environment with the same packages: `{namespace?, name?, version?, newName?}`. */
  cloneEnvironment: 'envstore:clone-environment',
  /** Preview, or build, a version with newer packages: `{namespace?, name?, packages?: string[], build?: boolean}`. */
  updateEnvironment: 'envstore:update-environment',
  /** Have updates prepared or not: `{namespace?, name?, schedule?: 'off' | 'weekly'}`. */
  scheduleUpdates: 'envstore:schedule-updates',
  /** Make a version the active one: `{namespace?, name?, version?: number}`. */
  activateVersion: 'envstore:activate-version',
  /** Show two versions side by side: `{namespace?, name?, version?, against?: 'namespace/name@3'}`. */
  compareVersions: 'envstore:compare-versions',
  /** Keep the files of a version: `{namespace?, name?, version?}`. */
  pinVersion: 'envstore:pin-version',
  /** Let the files of a version go when nobody needs them: `{namespace?, name?, version?}`. */
  unpinVersion: 'envstore:unpin-version',
  /** Say what a version is for: `{namespace?, name?, version?, message?}`. */
  describeVersion: 'envstore:describe-version',
  /** Delete a version after asking: `{namespace?, name?, version?}`. */
  deleteVersion: 'envstore:delete-version',
  /** Read every file of a version: `{namespace?, name?, version?}`; the active one when not named. */
  verifyVersion: 'envstore:verify-version',
  /** Make the files of a version anew: `{namespace?, name?, version?}`; the active one when not named. */
  repairVersion: 'envstore:repair-version',
  /** Let the notebook in front stay with a version: `{namespace?, name?, version?}`. */
  pinNotebook: 'envstore:pin-notebook',
  /** Let the notebook in front follow the active version again: `{namespace?, name?, version?}`, only from that one. */
  unpinNotebook: 'envstore:unpin-notebook',
  /** Let the notebook in front carry a version: `{environment?: 'namespace/name@3', platforms?: string[]}`. */
  embed: 'envstore:embed',
  /** Take out of the notebook in front the environment that it carries, after asking. No arguments. */
  strip: 'envstore:strip',
  /** Offer to build what a notebook carries, or to switch to it where it is here. No arguments. */
  restoreNotebook: 'envstore:restore-notebook',
  /** Show beside a notebook what stands between it and the same results elsewhere: `{activate?: boolean}`. */
  reportNotebook: 'envstore:report-notebook',
  /** Preview an environment with further packages: `{namespace?, name?, packages?: string[], pip?: string[]}`. */
  addPackages: 'envstore:add-packages',
  /** Free what nobody needs after asking. No arguments. */
  freeDisk: 'envstore:free-disk'
} as const;
