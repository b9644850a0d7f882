/**
 * Waits for a build that is followed anyway.
 */
import { isActive, type IBuild } from '../api/types';
import type { IEnvStoreModel } from '../tokens';

/**
 * Resolves with the build when it has ended, with null when nobody knows it any more.
 *
 * @param onProgress - Is told what it has come to whenever that changed.
 */
export function untilEnd(
  model: Pick<IEnvStoreModel, 'build' | 'changed'>,
  build: IBuild,
  onProgress: (build: IBuild) => void = () => undefined
): Promise<IBuild | null> {
  return new Promise(resolve => {
    let sequence = build.sequence;
    const look = (): void => {
      const now = model.build(build.id);
      if (!now || !isActive(now)) {
        model.changed.disconnect(look);
        resolve(now ?? null);
      } else if (now.sequence !== sequence) {
        sequence = now.sequence;
        onProgress(now);
      }
    };
    model.changed.connect(look);
    look();
  });
}
