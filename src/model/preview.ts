/**
 * Waits for a preview, and has the server give it up when nobody waits any more.
 */
import { isAborted, RequestError } from '../api/request';
import type { IPreview, IPreviewRequest, IPreviewState } from '../api/types';
import type { IEnvStoreClient } from '../tokens';

/** Milliseconds between two looks at a preview. */
const PATIENCE = 300;
/** Of a failed preview, as of any request that is understood and cannot be fulfilled. */
const UNPROCESSABLE = 422;

/**
 * Return what an edit or an update would change.
 *
 * @param wait - Waits between two looks.
 * @throws `RequestError` as the build would fail; an `AbortError` when `signal` ended it.
 */
export async function awaitPreview(
  client: Pick<IEnvStoreClient, 'preview' | 'previewState' | 'cancelPreview'>,
  body: IPreviewRequest,
  signal?: AbortSignal,
  wait: () => Promise<void> = () => new Promise(done => setTimeout(done, PATIENCE))
): Promise<IPreview> {
  let state = await client.preview(body, signal);
  const giveUp = (): void => {
    // When that fails too, it ends by itself.
    client.cancelPreview(state.id).catch(() => undefined);
  };
  signal?.addEventListener('abort', giveUp);
  try {
    while (state.state === 'solving') {
      await wait();
      signal?.throwIfAborted();
      state = await client.previewState(state.id, signal);
    }
  } catch (error) {
    throw signal?.aborted && !isAborted(error)
      ? new DOMException('Nobody waits for it any more.', 'AbortError')
      : error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
  return previewOf(state);
}

function previewOf({ preview, error }: IPreviewState): IPreview {
  if (preview) {
    return preview;
  }
  const { code, message, details } = error ?? {
    code: 'cancelled',
    message: 'The preview was cancelled.',
    details: {}
  };
  throw new RequestError(UNPROCESSABLE, code, message, details);
}
