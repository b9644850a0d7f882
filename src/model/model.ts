/**
 * What is known of the store, and what people can have done to it. It knows nothing of how that is shown.
 */
import {
  isBuild,
  type IBuild,
  type ICollection,
  type ICreateRequest,
  type IEditRequest,
  type IEnvironment,
  type IImportRequest,
  type IPlatformOverview,
  type IPreview,
  type IPreviewRequest,
  type IRestoration,
  type IRestoreRequest,
  type IVersion
} from '../api/types';
import type { IEnvStoreModel, IVersionName } from '../tokens';
import { FollowedStore } from './following';
import { awaitPlatforms } from './platform-check';
import { awaitPreview } from './preview';

export class EnvStoreModel extends FollowedStore implements IEnvStoreModel {
  async create(body: ICreateRequest): Promise<IBuild> {
    return this.began(await this.client.create(body));
  }

  async importFile(body: IImportRequest): Promise<IBuild> {
    return this.began(await this.client.importFile(body));
  }

  async restore(body: IRestoreRequest): Promise<IRestoration> {
    const restoration = await this.client.restore({ ...body, build: true });
    if (restoration.build) {
      await this.began(restoration.build);
    }
    return restoration;
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
    this.mutated();
    this.drop(namespace, name);
  }

  async undelete(namespace: string, name: string): Promise<IEnvironment> {
    return this.altered(await this.client.undelete(namespace, name));
  }

  async edit(namespace: string, name: string, body: IEditRequest): Promise<IBuild> {
    return this.began(await this.client.edit(namespace, name, body));
  }

  checkPlatforms(
    version: IVersionName,
    platforms: ReadonlyArray<string>,
    signal?: AbortSignal
  ): Promise<IPlatformOverview> {
    return awaitPlatforms(this.client, version, platforms, signal);
  }

  preview(body: IPreviewRequest, signal?: AbortSignal): Promise<IPreview> {
    return awaitPreview(this.client, body, signal);
  }

  async activate(namespace: string, name: string, number: number): Promise<IBuild | null> {
    const answer = await this.client.activate(namespace, name, number);
    if (isBuild(answer)) {
      return this.began(answer);
    }
    this.altered(answer);
    this.versionsAltered.emit();
    return null;
  }

  pin(version: IVersionName, pinned: boolean): Promise<IVersion> {
    return this.afterwards(this.client.changeVersion(version, { pinned }));
  }

  describeVersion(version: IVersionName, message: string): Promise<IVersion> {
    return this.afterwards(this.client.changeVersion(version, { message }));
  }

  deleteVersion(version: IVersionName): Promise<IVersion> {
    return this.afterwards(this.client.deleteVersion(version));
  }

  async repair(version: IVersionName): Promise<IBuild> {
    return this.began(await this.client.repair(version));
  }

  async clone(namespace: string, name: string, newName: string, version?: number): Promise<IBuild> {
    return this.began(await this.client.clone(namespace, name, newName, version));
  }

  async rename(namespace: string, name: string, newName: string): Promise<IEnvironment> {
    const environment = await this.client.rename(namespace, name, newName);
    this.named.emit({ before: { namespace, name }, after: environment });
    this.drop(namespace, name);
    return this.altered(environment);
  }

  async schedule(namespace: string, name: string, schedule: 'off' | 'weekly'): Promise<IEnvironment> {
    return this.altered(await this.client.schedule(namespace, name, schedule));
  }

  async collect(): Promise<ICollection> {
    const collection = await this.afterwards(this.client.collect(false));
    void this.refresh();
    return collection;
  }

  /** Wait for a change of versions, and say that they have changed. */
  private async afterwards<T>(change: Promise<T>): Promise<T> {
    const answer = await change;
    this.versionsAltered.emit();
    return answer;
  }
}
