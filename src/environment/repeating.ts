/**
 * A failed edit or update, asked for once more. Pure.
 */
import type { IBuild, IBuildRequest, IEditRequest } from '../api/types';

/** The request of a failed build, with one thing otherwise: a changed text makes an edit of an update. */
export function repeated(
  { kind }: Pick<IBuild, 'kind'>,
  asked: IBuildRequest,
  change: Partial<Pick<IEditRequest, 'specification' | 'allow_source'>>
): IEditRequest {
  const { parent, specification, message, platforms, allow_source } = asked;
  if (kind === 'update' && change.specification === undefined) {
    return {
      parent,
      update: asked.freed ?? [],
      as_of: asked.as_of,
      message,
      platforms,
      allow_source,
      ...change
    };
  }
  return { parent, specification, message, platforms, allow_source, ...change };
}
