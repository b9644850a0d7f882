/**
 * A specification after one of the changes that would make it fit together.
 */
import { isMap, isScalar, isSeq, type Scalar, type YAMLSeq } from 'yaml';

import type { IRelaxation } from '../api/types';
import { format, read } from '../new/environment-text';
import { packageName, parseRequirement } from '../new/requirement';

/**
 * Return the text with the entries that a relaxation takes out replaced by those that it puts in. Everything else stays,
 * comments too. An entry to take out may be a whole entry, or the bare name of a package that is asked for once.
 *
 * @returns Null when an entry to take out is not in the text.
 */
export function relaxed(text: string, relaxation: Pick<IRelaxation, 'remove' | 'add'>): string | null {
  const document = read(text);
  const list = document.get('dependencies');
  if (!isSeq(list)) {
    return null;
  }
  const added = [...relaxation.add];
  for (const entry of relaxation.remove) {
    const lists = [list, ...list.items.flatMap(pipList)];
    const scalars = lists.flatMap(({ items }) => items.filter(isScalar));
    const found = scalars.find(item => isEntry(item, entry)) ?? named(list.items.filter(isScalar), entry);
    if (!found) {
      return null;
    }
    const instead = added.shift();
    if (instead === undefined) {
      const own = lists.find(({ items }) => items.includes(found))!;
      own.items.splice(own.items.indexOf(found), 1);
    } else {
      found.value = instead;
    }
  }
  for (const entry of added) {
    list.add(document.createNode(entry));
  }
  return format(document, text);
}

function pipList(item: unknown): YAMLSeq[] {
  const pip = isMap(item) ? item.get('pip') : null;
  return isSeq(pip) ? [pip] : [];
}

function isEntry(item: Scalar, entry: string): boolean {
  return spaced(String(item.value)) === spaced(entry);
}

function named(scalars: ReadonlyArray<Scalar>, name: string): Scalar | undefined {
  const found =
    parseRequirement(name)?.constraint === ''
      ? scalars.filter(item => packageName(String(item.value)) === name)
      : [];
  return found.length === 1 ? found[0] : undefined;
}

function spaced(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
