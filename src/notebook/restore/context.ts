/**
 * What restoring needs of the world.
 */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ISessionContextDialogs } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IEnvStoreClient, IEnvStoreModel, IEnvStoreNotebooks } from '../../tokens';
import type { RestoreAnswers } from './answers';

export interface IRestoreContext {
  readonly app: JupyterFrontEnd;
  readonly client: IEnvStoreClient;
  readonly model: IEnvStoreModel;
  readonly notebooks: IEnvStoreNotebooks;
  readonly answers: RestoreAnswers;
  /** Null where the host has none. */
  readonly dialogs: ISessionContextDialogs | null;
  readonly trans: TranslationBundle;
}
