/**
 * One HTTP request to the server extension. The only file that knows how the answer and an error look on the wire.
 */
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';

/**
 * The server did not answer at all: it is down, or the network between is.
 */
export class ServerAwayError extends Error {
  constructor(cause: unknown) {
    super('The server does not answer.', { cause });
    this.name = 'ServerAwayError';
  }
}

/**
 * The server answered with an error.
 */
export class RequestError extends Error {
  /**
   * @param status - The HTTP status.
   * @param code - What went wrong, for programs; `unknown` when the server did not say.
   * @param message - What went wrong, for people.
   * @param details - More of it, for programs.
   */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: JSONObject
  ) {
    super(message);
    this.name = 'RequestError';
  }
}

/**
 * Send a request below `<base_url>/envstore/` and return its JSON answer.
 *
 * @param settings - Where the server is, and how to log in.
 * @param path - The path below `envstore/`, its parts already encoded.
 * @param init - Method, body and the like.
 * @throws `ServerAwayError` when nothing answers, `RequestError` when the answer is an error or is not JSON.
 */
export async function request<T>(
  settings: ServerConnection.ISettings,
  path: string,
  init: RequestInit = {}
): Promise<T> {
  const url = URLExt.join(settings.baseUrl, 'envstore', path);
  let response: Response;
  let text: string;
  try {
    response = await ServerConnection.makeRequest(url, init, settings);
    text = await response.text();
  } catch (error) {
    throw new ServerAwayError(error);
  }
  const body = parse(text);
  if (!response.ok) {
    throw toError(response, body);
  }
  if (body === undefined) {
    // A login page or a proxy's own page, sent with status 200.
    throw new RequestError(response.status, 'unknown', 'The server sent an answer that is not JSON.', {});
  }
  return body as T;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toError(response: Response, body: unknown): RequestError {
  const { message, code, details } = (body ?? {}) as Partial<{
    message: string;
    code: string;
    details: JSONObject;
  }>;
  return new RequestError(
    response.status,
    code ?? 'unknown',
    message || `The server answered ${response.status} ${response.statusText}.`,
    details ?? {}
  );
}
