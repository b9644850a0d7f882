/**
 * The HTTP API of the server extension, and what it can be asked for.
 */
import { Token } from '@lumino/coreutils';

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
} from '../api/types';
import type { IVersionName } from './names';

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
