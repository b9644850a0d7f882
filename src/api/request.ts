/**
 * One HTTP request to the server extension. The only file that knows how the answer and an error look on the wire.
 */
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';

import type { IErrorReport, ISentFile } from './types';

/**
 * The server did not answer at all: it is down, or the network between is.
 */
export class ServerAwayError extends Error {
  readonly code = 'server_away';
  readonly details: JSONObject = {};

  constructor(cause: unknown) {
    super('The server does not answer.', { cause });
    this.name = 'ServerAwayError';
  }
}

/**
 * The server answered with an error.
 */
export class RequestError extends Error implements IErrorReport {
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
 * What a request may have beside its path.
 */
export interface IRequestOptions {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
  /** What is undefined or empty is left out; a list repeats its name. */
  readonly query?: Readonly<Record<string, QueryValue>>;
  /** Ends the request; it then rejects with an `AbortError`. */
  readonly signal?: AbortSignal;
}

type QueryValue = string | number | ReadonlyArray<string> | undefined | null;

/** Statuses with which a proxy says that there is no server behind it. */
const AWAY = [502, 503, 504];

/**
 * Send a request below `<base_url>/envstore/` and return its JSON answer, undefined where there is none.
 *
 * @param settings - Where the server is, and how to log in.
 * @param path - The parts of the path below `envstore/`, as they are: they are encoded here.
 * @param options - Method, body and the like.
 * @throws `ServerAwayError` when nothing answers, `RequestError` when the answer is an error or is not JSON.
 */
export async function request<T>(
  settings: ServerConnection.ISettings,
  path: ReadonlyArray<string | number>,
  options: IRequestOptions = {}
): Promise<T> {
  const { response, text } = await send(settings, path, options);
  const body = parse(text);
  if (!response.ok) {
    throw toError(response, body);
  }
  if (body === undefined && response.status !== 204) {
    // A login page or a proxy's own page, sent with status 200.
    throw new RequestError(response.status, 'unknown', 'The server sent an answer that is not JSON.', {});
  }
  return body as T;
}

/**
 * Send a request as `request` does, and return the file that answers it.
 *
 * @throws As `request` does; also when the answer is no file.
 */
export async function requestFile(
  settings: ServerConnection.ISettings,
  path: ReadonlyArray<string | number>,
  options: IRequestOptions = {}
): Promise<ISentFile> {
  const { response, text } = await send(settings, path, options);
  if (!response.ok) {
    throw toError(response, parse(text));
  }
  const name = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1];
  if (name === undefined) {
    // A login page or a proxy's own page, sent with status 200.
    throw new RequestError(response.status, 'unknown', 'The server sent an answer that is not a file.', {});
  }
  return { name, text };
}

/** Send a request and wait for the whole answer, whatever it says. */
async function send(
  settings: ServerConnection.ISettings,
  path: ReadonlyArray<string | number>,
  options: IRequestOptions
): Promise<{ response: Response; text: string }> {
  const parts = path.map(part => encodeURIComponent(part));
  const url = URLExt.join(settings.baseUrl, 'envstore', ...parts) + toQuery(options.query ?? {});
  const init: RequestInit = { method: options.method ?? 'GET', signal: options.signal };
  if (options.body !== undefined) {
    init.body = JSON.stringify(options.body);
  }
  try {
    const response = await ServerConnection.makeRequest(url, init, settings);
    return { response, text: await response.text() };
  } catch (error) {
    if (options.signal?.aborted) {
      throw new DOMException('Nobody waits for it any more.', 'AbortError');
    }
    throw new ServerAwayError(error);
  }
}

/**
 * Whether an error was made by aborting the request.
 */
export function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/**
 * Whether the server refused because it does not, or not any more, know who asks. Who is known and may not do this one
 * thing is told so where it was asked for.
 */
export function isRefusedEntry(error: unknown): boolean {
  return error instanceof RequestError && isEntryRefusal(error.status, error.code);
}

/** The same of a status and a code. A proxy before the server answers 403 without a code of ours. */
export function isEntryRefusal(status: number | undefined, code: string): boolean {
  return status === 401 || (status === 403 && code !== 'not_allowed');
}

/**
 * What went wrong, as data, whatever was thrown.
 */
export function toReport(error: unknown): IErrorReport {
  if (error instanceof RequestError || error instanceof ServerAwayError) {
    return { message: error.message, code: error.code, details: error.details };
  }
  return { message: error instanceof Error ? error.message : String(error), code: 'unknown', details: {} };
}

function toQuery(query: Readonly<Record<string, QueryValue>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined && item !== null && item !== '') {
        parameters.append(name, String(item));
      }
    }
  }
  const text = parameters.toString();
  return text && `?${text}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toError(response: Response, body: unknown): Error {
  const { message, code, details } = (body ?? {}) as Partial<IErrorReport>;
  if (code === undefined && AWAY.includes(response.status)) {
    return new ServerAwayError(new ServerConnection.ResponseError(response));
  }
  return new RequestError(
    response.status,
    code ?? 'unknown',
    message || `The server answered ${response.status} ${response.statusText}.`,
    details ?? {}
  );
}
