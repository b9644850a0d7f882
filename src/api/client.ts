/**
 * The typed client: one method for each thing the server extension can do. It holds no state.
 */
import type { ServerConnection } from '@jupyterlab/services';

import type { IEnvironmentQuery, IEnvStoreClient, ISearchQuery } from '../tokens';
import { request } from './request';
import type {
  IBuild,
  IBuildRequest,
  ICreateRequest,
  IEnvironment,
  ILogPart,
  IPackage,
  IPage,
  ISearchResult,
  ISpecificationReport,
  IStatus,
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
    return request(this.settings, ['environments', namespace, name], {
      method: 'PATCH',
      body: { description }
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
    return request(this.settings, ['environments', namespace, name, 'versions', number]);
  }

  packages(
    namespace: string,
    name: string,
    number: number,
    query: { platform?: string } = {}
  ): Promise<IPage<IPackage>> {
    return request(this.settings, ['environments', namespace, name, 'versions', number, 'packages'], {
      query
    });
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

  check(specification: string, signal?: AbortSignal): Promise<ISpecificationReport> {
    return request(this.settings, ['specification', 'check'], {
      method: 'POST',
      body: { specification },
      signal
    });
  }
}
