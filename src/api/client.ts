/**
 * The typed client: one method for each thing the server extension can do.
 */
import type { ServerConnection } from '@jupyterlab/services';

import type { IEnvStoreClient, IStatus } from '../tokens';
import { request } from './request';

/**
 * Calls the server extension.
 */
export class EnvStoreClient implements IEnvStoreClient {
  constructor(private readonly settings: ServerConnection.ISettings) {}

  status(): Promise<IStatus> {
    return request<IStatus>(this.settings, 'status');
  }
}
