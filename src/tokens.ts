/**
 * What other extensions may rely on: the interfaces of this one and the tokens to ask for them. Nothing here
 * may import anything of this package.
 */
import { Token } from '@lumino/coreutils';

/**
 * What the server says about itself.
 */
export interface IStatus {
  /** The version of the server extension. */
  readonly version: string;
  /** The absolute path of the store's folder, on the server's machine. */
  readonly store: string;
}

/**
 * The HTTP API of the server extension.
 */
export interface IEnvStoreClient {
  /**
   * Ask the server which program answers, and on which store it works.
   *
   * @throws `ServerAwayError` when nothing answers, `RequestError` when the answer is an error.
   */
  status(): Promise<IStatus>;
}

/**
 * Ask for this token to call the server extension.
 */
export const IEnvStoreClient = new Token<IEnvStoreClient>(
  'jupyter-envstore:IEnvStoreClient',
  'A typed client for the HTTP API of jupyter-envstore.'
);
