/**
 * One package that pip is asked for, as PEP 508 writes it. Pure: whether it can be had is for the server to say.
 */
import type { IRequirement } from './requirement';

/** An entry of a `pip:` list in its parts. */
export interface IPipRequirement {
  /** As it is compared: `Great_Tables` is `great-tables`. */
  readonly name: string;
  /** The name as it was written, with its extras: `requests[socks]`. */
  readonly written: string;
  /** What its version has to fulfil; empty when any will do. */
  readonly constraint: string;
  /** On which machines it is asked for, and digests: what follows the rest. */
  readonly rest: string;
  /** Whether its file is named by an address, so that nothing can be asked of its version. */
  readonly isAddress: boolean;
}

const ENTRY = /^([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(\[[^\]]*\])?\s*(.*)$/s;
const WHEEL = /\/([A-Za-z0-9][\w.]*)-[^/]+\.whl(?:$|[?#])/;
const EGG = /#(?:.*&)?egg=([\w.-]+)/;

/** Read an entry of a `pip:` list; null for an option such as `--index-url`, and for what says no name. */
export function parsePip(text: string): IPipRequirement | null {
  const entry = text.trim();
  if (entry.startsWith('-')) {
    return null;
  }
  const isBare = /^[a-z0-9+.-]+:\/\//i.test(entry);
  if (isBare) {
    const name = (WHEEL.exec(entry) ?? EGG.exec(entry))?.[1];
    return name ? { name: pipName(name), written: entry, constraint: '', rest: '', isAddress: true } : null;
  }
  const [, name, extras = '', after = ''] = ENTRY.exec(entry) ?? [];
  if (!name) {
    return null;
  }
  const written = name + extras.replace(/\s+/g, '');
  if (after.startsWith('@')) {
    return { name: pipName(name), written: entry, constraint: '', rest: '', isAddress: true };
  }
  const end = /\s*(?:;|\s--hash)/.exec(after)?.index ?? after.length;
  const constraint = after
    .slice(0, end)
    .trim()
    .replace(/^\((.*)\)$/, '$1');
  return { name: pipName(name), written, constraint, rest: after.slice(end).trim(), isAddress: false };
}

/** Read an entry of a `pip:` list as something to be added; null for what names no package. */
export function readPipRequirement(text: string): IRequirement | null {
  const parts = parsePip(text);
  return (
    parts && { name: parts.written, constraint: `${parts.constraint} ${parts.rest}`.trim(), manager: 'pip' }
  );
}

/** Write an entry with another constraint: what else it says stays, except digests, which are of one version. */
export function withConstraint(requirement: IPipRequirement, constraint: string): string {
  const { written, isAddress, rest } = requirement;
  if (isAddress) {
    return written;
  }
  const marker = rest.startsWith(';') ? ` ${rest.replace(/\s+--hash.*$/s, '')}` : '';
  return `${written}${constraint ? ` ${pipConstraint(constraint)}` : ''}${marker}`;
}

/** The name of a package of pip as it is compared. */
export function pipName(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}

/** A constraint as pip writes it: conda's `=2.3` is `==2.3.*`. */
export function pipConstraint(constraint: string): string {
  return constraint
    .split(',')
    .map(clause => clause.trim().replace(/^(?:=(?!=))?\s*(\d[\w.!+]*?)(?:\.?\*)?$/, '==$1.*'))
    .join(',');
}
