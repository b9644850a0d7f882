/**
 * What an environment.yml asks for, entry by entry, and what differs between two of them. Pure.
 */
import { isMap, isScalar, isSeq, type Document } from 'yaml';

import { NotAFormError, read } from '../new/environment-text';
import { parsePip } from '../new/pip-requirement';
import { packageName, parseRequirement } from '../new/requirement';

/** Options of pip that name where packages are looked for. */
const INDEX = /^(?:-i|-f|--index-url|--extra-index-url|--pypi-url|--find-links)\b/;

export type Manager = 'conda' | 'pip';

/** One package that is asked for. */
export interface IEntry {
  readonly manager: Manager;
  /** In lower case, without channel; of pip's with single hyphens. */
  readonly name: string;
  /** As written. */
  readonly text: string;
  /** Empty when any version will do. */
  readonly constraint: string;
  /** Set where its file is named by an address. */
  readonly isAddress?: boolean;
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
      entries.push(condaEntry(String(item.source ?? item.value)));
    } else {
      entries.push(...pipLines(item).flatMap(line => pipEntry(line) ?? []));
    }
  }
  const known = new Set<string>();
  return entries.filter(({ manager, name }) => {
    const key = `${manager} ${name}`;
    return !known.has(key) && known.add(key);
  });
}

/** The options of pip that a text has among its entries, such as `--index-url`, and entries that say no name. */
export function readPipOptions(text: string): string[] {
  const list = read(text).get('dependencies');
  const lines = isSeq(list) ? list.items.flatMap(pipLines) : [];
  return lines.filter(line => pipEntry(line) === null);
}

/** Whether a text says where pip is to look for packages. */
export function hasOwnIndex(text: string): boolean {
  return readPipOptions(text).some(line => INDEX.test(line));
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
  if (changes.length > 0 && readPipOptions(before).join('\n') !== readPipOptions(after).join('\n')) {
    changes.push({ kind: 'changed', what: 'text', name: '', manager: 'pip', before: null, after: null });
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

function condaEntry(source: string): IEntry {
  const text = source.trim();
  return {
    manager: 'conda',
    name: packageName(text),
    text,
    constraint: parseRequirement(text)?.constraint ?? ''
  };
}

function pipEntry(line: string): IEntry | null {
  const parts = parsePip(line);
  if (!parts) {
    return null;
  }
  const { name, constraint, isAddress } = parts;
  return { manager: 'pip', name, text: line, constraint, ...(isAddress && { isAddress }) };
}

/** The lines of a `pip:` list, where an item of the dependencies is one. */
function pipLines(item: unknown): string[] {
  const pip = isMap(item) ? item.get('pip') : null;
  return isSeq(pip)
    ? pip.items.flatMap(line => (isScalar(line) ? [String(line.source ?? line.value).trim()] : []))
    : [];
}

function partOf(document: Document, key: string): string {
  return JSON.stringify((document.toJS() as Record<string, unknown> | null)?.[key] ?? null);
}

function spaced(text: string): string {
  return text.replace(/\s+/g, '').toLowerCase();
}
