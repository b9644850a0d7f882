/**
 * What an environment.yml asks for, entry by entry, and what differs between two of them. Pure.
 */
import { isMap, isScalar, isSeq, type Document } from 'yaml';

import { NotAFormError, read } from '../new/environment-text';
import { packageName, parseRequirement } from '../new/requirement';

export type Manager = 'conda' | 'pip';

/** One package that is asked for. */
export interface IEntry {
  readonly manager: Manager;
  /** In lower case, without channel. */
  readonly name: string;
  /** As written. */
  readonly text: string;
  /** Empty when any version will do. */
  readonly constraint: string;
}

/** One thing that a draft changes: a package, or another part of the text. */
export interface IChange {
  readonly kind: 'added' | 'changed' | 'removed';
  readonly what: 'package' | 'channels' | 'platforms' | 'variables' | 'text';
  /** The package's name; empty for other parts. */
  readonly name: string;
  readonly manager: Manager;
  readonly before: IEntry | null;
  readonly after: IEntry | null;
}

/**
 * The packages that a text asks for, in its order. Of a package that is asked for in several lines, the first.
 *
 * @throws `NotAFormError` when the text cannot be read.
 */
export function readEntries(text: string): IEntry[] {
  const list = read(text).get('dependencies');
  const entries: IEntry[] = [];
  for (const item of isSeq(list) ? list.items : []) {
    if (isScalar(item)) {
      entries.push(entryOf('conda', String(item.source ?? item.value)));
    } else if (isMap(item)) {
      const pip = item.get('pip');
      for (const line of isSeq(pip) ? pip.items : []) {
        if (isScalar(line)) {
          entries.push(entryOf('pip', String(line.source ?? line.value)));
        }
      }
    }
  }
  const known = new Set<string>();
  return entries.filter(({ manager, name }) => {
    const key = `${manager} ${name}`;
    return !known.has(key) && known.add(key);
  });
}

/** The channels that a text names. */
export function readChannels(text: string): string[] {
  const list = read(text).get('channels');
  return isSeq(list) ? list.items.flatMap(item => (isScalar(item) ? [String(item.value)] : [])) : [];
}

/**
 * What differs from one text to another. Texts that say the same in other words differ in their `text`.
 *
 * @throws `NotAFormError` when one of them cannot be read.
 */
export function changesBetween(before: string, after: string): IChange[] {
  if (before === after) {
    return [];
  }
  const changes = [...packageChanges(readEntries(before), readEntries(after))];
  const [was, now] = [read(before), read(after)];
  for (const what of ['channels', 'platforms', 'variables'] as const) {
    if (partOf(was, what) !== partOf(now, what)) {
      changes.push({ kind: 'changed', what, name: '', manager: 'conda', before: null, after: null });
    }
  }
  return changes.length > 0
    ? changes
    : [{ kind: 'changed', what: 'text', name: '', manager: 'conda', before: null, after: null }];
}

/** Whether a text can be read; if not, what is in the way. */
export function problemOf(text: string): NotAFormError | null {
  try {
    readEntries(text);
    return null;
  } catch (error) {
    if (error instanceof NotAFormError) {
      return error;
    }
    throw error;
  }
}

function* packageChanges(before: ReadonlyArray<IEntry>, after: ReadonlyArray<IEntry>): Iterable<IChange> {
  const [was, now] = [byKey(before), byKey(after)];
  for (const [key, entry] of now) {
    const old = was.get(key) ?? null;
    if (!old || spaced(old.text) !== spaced(entry.text)) {
      const { name, manager } = entry;
      yield { kind: old ? 'changed' : 'added', what: 'package', name, manager, before: old, after: entry };
    }
  }
  for (const [key, entry] of was) {
    if (!now.has(key)) {
      const { name, manager } = entry;
      yield { kind: 'removed', what: 'package', name, manager, before: entry, after: null };
    }
  }
}

function byKey(entries: ReadonlyArray<IEntry>): Map<string, IEntry> {
  return new Map(entries.map(entry => [`${entry.manager} ${entry.name}`, entry]));
}

function entryOf(manager: Manager, source: string): IEntry {
  const text = source.trim();
  // `requests[socks]>=2` is a way of pip's.
  const bare = manager === 'pip' ? text.replace(/\[[^\]]*\]/, '') : text;
  return { manager, name: packageName(bare), text, constraint: parseRequirement(bare)?.constraint ?? '' };
}

function partOf(document: Document, key: string): string {
  return JSON.stringify((document.toJS() as Record<string, unknown> | null)?.[key] ?? null);
}

function spaced(text: string): string {
  return text.replace(/\s+/g, '').toLowerCase();
}
