/**
 * Waits for work that the server does meanwhile, and has it given up when nobody waits any more.
 */
import { isAborted } from '../api/request';

/** Milliseconds between two looks. */
const PATIENCE = 300;

/** Work of one kind: how it is begun, looked at and given up. */
export interface IWork<T extends { readonly id: string }> {
  begin(signal?: AbortSignal): Promise<T>;
  look(id: string, signal?: AbortSignal): Promise<T>;
  giveUp(id: string): Promise<unknown>;
  isGoingOn(state: T): boolean;
}

/** Let some time pass. */
export function pause(): Promise<void> {
  return new Promise(done => setTimeout(done, PATIENCE));
}

/**
 * Begin work and return how it ended.
 *
 * @param wait - Waits between two looks.
 * @throws An `AbortError` when `signal` ended it.
 */
export async function awaitEnd<T extends { readonly id: string }>(
  work: IWork<T>,
  signal?: AbortSignal,
  wait: () => Promise<void> = pause
): Promise<T> {
  let state = await work.begin(signal);
  const giveUp = (): void => {
    // When that fails too, it ends by itself.
    work.giveUp(state.id).catch(() => undefined);
  };
  signal?.addEventListener('abort', giveUp);
  try {
    while (work.isGoingOn(state)) {
      await wait();
      signal?.throwIfAborted();
      state = await work.look(state.id, signal);
    }
  } catch (error) {
    throw signal?.aborted && !isAborted(error)
      ? new DOMException('Nobody waits for it any more.', 'AbortError')
      : error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
  return state;
}
