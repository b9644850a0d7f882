/**
 * The typed client: one method for each thing the server extension can do. It holds no state.
 */
import type { ServerConnection } from '@jupyterlab/services';

import type { IEnvironmentQuery, IEnvStoreClient, IFindQuery, ISearchQuery, IVersionName } from '../tokens';
import { request, requestFile } from './request';
import type {
  IBuild,
  IBuildRequest,
  IChangeRequest,
  IChangeVersionRequest,
  ICollection,
  IComparison,
  ICreateRequest,
  IEditedSpecification,
  IEditRequest,
  IEditTextRequest,
  IEnvironment,
  IFinding,
  IImportRequest,
  ILockfileReport,
  ILockfileRequest,
  IEmbedRequest,
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
} from './types';

/**
 * Calls the server extension.
 */
export class EnvStoreClient implements IEnvStoreClient {
  constructor(private readonly settings: ServerConnection.ISettings) {}

  status(): Promise<IStatus> {
    return request(this.settings, ['status']);
  }

  environments(query: IEnvironmentQuery = {}, signal?: AbortSignal): Promise<IPage<IEnvironment>> {
    return request(this.settings, ['environments'], { query: { ...query }, signal });
  }

  environment(namespace: string, name: string): Promise<IEnvironment> {
    return request(this.settings, ['environments', namespace, name]);
  }

  create(body: ICreateRequest): Promise<IBuild> {
    return request(this.settings, ['environments'], { method: 'POST', body });
  }

  describe(namespace: string, name: string, description: string): Promise<IEnvironment> {
    return this.change(namespace, name, { description });
  }

  activate(namespace: string, name: string, number: number): Promise<IEnvironment | IBuild> {
    return this.change(namespace, name, { active_version: number });
  }

  schedule(namespace: string, name: string, schedule: 'off' | 'weekly'): Promise<IEnvironment> {
    return this.change(namespace, name, { schedule });
  }

  rename(namespace: string, name: string, newName: string): Promise<IEnvironment> {
    return request(this.settings, ['environments', namespace, name, 'rename'], {
      method: 'POST',
      body: { name: newName }
    });
  }

  clone(namespace: string, name: string, newName: string, version?: number): Promise<IBuild> {
    return request(this.settings, ['environments', namespace, name, 'clone'], {
      method: 'POST',
      body: { name: newName, version }
    });
  }

  remove(namespace: string, name: string): Promise<IEnvironment> {
    return request(this.settings, ['environments', namespace, name], { method: 'DELETE' });
  }

  undelete(namespace: string, name: string): Promise<IEnvironment> {
    return request(this.settings, ['environments', namespace, name, 'undelete'], { method: 'POST' });
  }

  versions(
    namespace: string,
    name: string,
    query: { limit?: number; cursor?: string } = {}
  ): Promise<IPage<IVersion>> {
    return request(this.settings, ['environments', namespace, name, 'versions'], { query });
  }

  version(namespace: string, name: string, number: number): Promise<IVersion> {
    return request(this.settings, toPath({ namespace, name, number }));
  }

  edit(namespace: string, name: string, body: IEditRequest): Promise<IBuild> {
    return request(this.settings, ['environments', namespace, name, 'versions'], { method: 'POST', body });
  }

  changeVersion(version: IVersionName, body: IChangeVersionRequest): Promise<IVersion> {
    return request(this.settings, toPath(version), { method: 'PATCH', body });
  }

  deleteVersion(version: IVersionName): Promise<IVersion> {
    return request(this.settings, toPath(version), { method: 'DELETE' });
  }

  repair(version: IVersionName): Promise<IBuild> {
    return request(this.settings, toPath(version, 'repair'), { method: 'POST' });
  }

  verify(version: IVersionName): Promise<IVerificationReport> {
    return request(this.settings, toPath(version, 'verify'), { method: 'POST' });
  }

  async kernel(version: IVersionName): Promise<string> {
    const made = await request<{ kernel: string }>(this.settings, toPath(version, 'kernel'), {
      method: 'POST'
    });
    return made.kernel;
  }

  async kernels(): Promise<ReadonlyArray<IRunningKernel>> {
    return (await request<IPage<IRunningKernel>>(this.settings, ['kernels'])).items;
  }

  compare(before: IVersionName, after: IVersionName, signal?: AbortSignal): Promise<IComparison> {
    const { namespace, name, number } = before;
    const against = `${namespace}/${name}@${number}`;
    return request(this.settings, toPath(after, 'diff'), { query: { against }, signal });
  }

  packages(
    namespace: string,
    name: string,
    number: number,
    query: { platform?: string } = {}
  ): Promise<IPage<IPackage>> {
    return request(this.settings, toPath({ namespace, name, number }, 'packages'), { query });
  }

  formats(version: IVersionName, platform?: string): Promise<IPage<ISharedFormat>> {
    return request(this.settings, toPath(version, 'formats'), { query: { platform } });
  }

  export(version: IVersionName, format: string, platform?: string): Promise<ISentFile> {
    return requestFile(this.settings, toPath(version, 'export', format), { query: { platform } });
  }

  importFile(body: IImportRequest): Promise<IBuild> {
    return request(this.settings, ['import'], { method: 'POST', body });
  }

  platforms(version: IVersionName): Promise<IPlatformOverview> {
    return request(this.settings, toPath(version, 'platforms'));
  }

  checkPlatforms(
    version: IVersionName,
    platforms: ReadonlyArray<string>,
    signal?: AbortSignal
  ): Promise<IPlatformCheck> {
    return request(this.settings, toPath(version, 'platforms'), {
      method: 'POST',
      body: { platforms },
      signal
    });
  }

  platformCheck(id: string, signal?: AbortSignal): Promise<IPlatformCheck> {
    return request(this.settings, ['platform-checks', id], { signal });
  }

  cancelPlatformCheck(id: string): Promise<IPlatformCheck> {
    return request(this.settings, ['platform-checks', id], { method: 'DELETE' });
  }

  machines(version: IVersionName): Promise<IMachineReport> {
    return request(this.settings, toPath(version, 'machines'));
  }

  builds(
    query: { state?: string[]; environment?: string; limit?: number; cursor?: string } = {}
  ): Promise<IPage<IBuild>> {
    return request(this.settings, ['builds'], { query });
  }

  build(id: number): Promise<IBuild> {
    return request(this.settings, ['builds', id]);
  }

  buildRequest(id: number): Promise<IBuildRequest> {
    return request(this.settings, ['builds', id, 'request']);
  }

  cancel(id: number): Promise<IBuild> {
    return request(this.settings, ['builds', id], { method: 'DELETE' });
  }

  retry(id: number): Promise<IBuild> {
    return request(this.settings, ['builds', id, 'retry'], { method: 'POST' });
  }

  log(id: number, offset = 0): Promise<ILogPart> {
    return request(this.settings, ['builds', id, 'log'], { query: { offset } });
  }

  search(query: ISearchQuery, signal?: AbortSignal): Promise<IPage<ISearchResult>> {
    const { pattern, ...rest } = query;
    return request(this.settings, ['packages'], { query: { q: pattern, ...rest }, signal });
  }

  package(
    name: string,
    query: { channel?: ReadonlyArray<string>; platform?: string } = {},
    signal?: AbortSignal
  ): Promise<ISearchResult> {
    return request(this.settings, ['packages', name], { query, signal });
  }

  supplier(module: string, environment?: string, signal?: AbortSignal): Promise<IModuleSupplier> {
    return request(this.settings, ['modules', module], { query: { environment }, signal });
  }

  check(specification: string, signal?: AbortSignal): Promise<ISpecificationReport> {
    return request(this.settings, ['specification', 'check'], {
      method: 'POST',
      body: { specification },
      signal
    });
  }

  lookInto(body: ILockfileRequest, signal?: AbortSignal): Promise<ILockfileReport> {
    return request(this.settings, ['lockfile', 'check'], { method: 'POST', body, signal });
  }

  editText(body: IEditTextRequest, signal?: AbortSignal): Promise<IEditedSpecification> {
    return request(this.settings, ['specification', 'edit'], { method: 'POST', body, signal });
  }

  preview(body: IPreviewRequest, signal?: AbortSignal): Promise<IPreviewState> {
    return request(this.settings, ['preview'], { method: 'POST', body, signal });
  }

  previewState(id: string, signal?: AbortSignal): Promise<IPreviewState> {
    return request(this.settings, ['previews', id], { signal });
  }

  cancelPreview(id: string): Promise<IPreviewState> {
    return request(this.settings, ['previews', id], { method: 'DELETE' });
  }

  find(query: IFindQuery, signal?: AbortSignal): Promise<IPage<IFinding>> {
    const { package: name, activeOnly, limit, cursor } = query;
    const active_only = activeOnly ? 'true' : undefined;
    return request(this.settings, ['find'], { query: { package: name, active_only, limit, cursor }, signal });
  }

  notebookState(body: IStateRequest, signal?: AbortSignal): Promise<INotebookState> {
    return request(this.settings, ['notebooks', 'state'], { method: 'POST', body, signal });
  }

  embed(body: IEmbedRequest): Promise<INotebookEdit> {
    return request(this.settings, ['notebooks', 'embed'], { method: 'POST', body });
  }

  record(body: IRecordRequest): Promise<INotebookEdit> {
    return request(this.settings, ['notebooks', 'record'], { method: 'POST', body });
  }

  strip(body: IStripRequest): Promise<INotebookEdit> {
    return request(this.settings, ['notebooks', 'strip'], { method: 'POST', body });
  }

  restore(body: IRestoreRequest, signal?: AbortSignal): Promise<IRestoration> {
    return request(this.settings, ['notebooks', 'restore'], { method: 'POST', body, signal });
  }

  report(body: INotebookReportRequest, signal?: AbortSignal): Promise<INotebookReport> {
    return request(this.settings, ['notebooks', 'report'], { method: 'POST', body, signal });
  }

  usage(signal?: AbortSignal): Promise<IUsage> {
    return request(this.settings, ['usage'], { signal });
  }

  collect(dryRun: boolean): Promise<ICollection> {
    return request(this.settings, ['collect'], { method: 'POST', body: { dry_run: dryRun } });
  }

  private change<T>(namespace: string, name: string, body: IChangeRequest): Promise<T> {
    return request(this.settings, ['environments', namespace, name], { method: 'PATCH', body });
  }
}

/** The path of a version, or of something of it. */
function toPath({ namespace, name, number }: IVersionName, ...more: string[]): (string | number)[] {
  return ['environments', namespace, name, 'versions', number, ...more];
}
