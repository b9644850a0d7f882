/**
 * Edits of single entries, each in the list of its manager. Pure.
 */
import { parsePip, withConstraint } from '../new/pip-requirement';
import { formatRequirement, parseRequirement } from '../new/requirement';
import type { IEntry } from './asked';
import type { IEntryEdit } from './draft';

/** Ask for an entry's package with another constraint; its channel, extras and marker stay. */
export function constraining(entry: IEntry, constraint: string): IEntryEdit {
  if (entry.manager === 'pip') {
    const parts = parsePip(entry.text);
    return { addPip: [parts ? withConstraint(parts, constraint) : entry.text] };
  }
  // As written, with the channel before the name.
  return { add: [formatRequirement({ name: parseRequirement(entry.text)?.name ?? entry.name, constraint })] };
}

/** Ask no more for an entry's package. */
export function removing({ manager, name }: IEntry): IEntryEdit {
  return manager === 'pip' ? { removePip: [name] } : { remove: [name] };
}

/** All of the edits in one. */
export function joined(edits: ReadonlyArray<IEntryEdit>): IEntryEdit {
  return {
    add: edits.flatMap(edit => edit.add ?? []),
    remove: edits.flatMap(edit => edit.remove ?? []),
    addPip: edits.flatMap(edit => edit.addPip ?? []),
    removePip: edits.flatMap(edit => edit.removePip ?? [])
  };
}
