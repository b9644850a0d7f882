/**
 * Waits for a preview.
 */
import { RequestError } from '../api/request';
import type { IPreview, IPreviewRequest, IPreviewState } from '../api/types';
import type { IEnvStoreClient } from '../tokens';
import { awaitEnd, pause } from './waiting';

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
  wait: () => Promise<void> = pause
): Promise<IPreview> {
  const state = await awaitEnd(
    {
      begin: ended => client.preview(body, ended),
      look: (id, ended) => client.previewState(id, ended),
      giveUp: id => client.cancelPreview(id),
      isGoingOn: ({ state: progress }) => progress === 'solving'
    },
    signal,
    wait
  );
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
