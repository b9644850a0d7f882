/**
 * Edits of single entries, each in the list of its manager. Pure.
 */
import { parsePip, withConstraint } from '../new/pip-requirement';
import { formatRequirement, packageName, parseRequirement, type IRequirement } from '../new/requirement';
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

/** What is new among requirements, and what is not. */
export interface IAdding {
  /** Null when nothing is new. */
  readonly edit: IEntryEdit | null;
  /** Packages that are asked for already, of which nothing further is said. */
  readonly repeated: ReadonlyArray<string>;
}

/** Ask for further packages. One that is asked for already takes the new constraint where one was given. */
export function adding(entries: ReadonlyArray<IEntry>, requirements: ReadonlyArray<IRequirement>): IAdding {
  const known = new Set(entries.map(entry => entry.name));
  const isNew = (one: IRequirement): boolean =>
    one.constraint !== '' || one.name.includes('[') || !known.has(comparedName(one));
  const added = requirements.filter(isNew);
  const edit = {
    add: added.filter(one => one.manager !== 'pip').map(formatRequirement),
    addPip: added.filter(one => one.manager === 'pip').map(formatRequirement)
  };
  return {
    edit: added.length > 0 ? edit : null,
    repeated: requirements.filter(one => !isNew(one)).map(comparedName)
  };
}

function comparedName({ name, manager }: IRequirement): string {
  return (manager === 'pip' ? parsePip(name)?.name : undefined) ?? packageName(name);
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
