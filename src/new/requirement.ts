/**
 * One package that is asked for, as people type it: a name and, where they care, a constraint on its version.
 */

/** A package requirement in its two parts. */
export interface IRequirement {
  /** The package's name, with `channel::` before it where one was written. */
  readonly name: string;
  /** What its version has to fulfil, as written; empty when any will do. */
  readonly constraint: string;
  /** Set where it is to be had by pip. */
  readonly manager?: 'pip';
}

const PARTS = /^((?:[^\s:[\]]+::)?[A-Za-z0-9_][A-Za-z0-9_.-]*)\s*((?:[<>=!~*\d([]).*)?$/;

/** Read one requirement, or return null for a text that is none. Only the server knows whether it can be met. */
export function parseRequirement(text: string): IRequirement | null {
  const match = PARTS.exec(text.trim());
  return match ? { name: match[1]!, constraint: (match[2] ?? '').trim() } : null;
}

/**
 * Read a text that may hold several requirements, as when a list is pasted: `python=3.12 numpy, pandas >=2`.
 *
 * @returns Null when a part of it is no requirement.
 */
export function parseRequirements(text: string): IRequirement[] | null {
  const words = text
    .replace(/,\s*(?=[A-Za-z_])/g, ' ')
    .split(/\s+/)
    .filter(word => word !== '');
  const texts: string[] = [];
  for (const word of words) {
    if (/^[A-Za-z_]/.test(word) || texts.length === 0) {
      texts.push(word);
    } else {
      texts[texts.length - 1] += ` ${word}`;
    }
  }
  const found = texts.map(parseRequirement);
  return found.every(requirement => requirement !== null) ? found : null;
}

/** Write a requirement the way people do: `polars >=1.35`. */
export function formatRequirement(requirement: IRequirement): string {
  return requirement.constraint ? `${requirement.name} ${requirement.constraint}` : requirement.name;
}

/** What two requirements on one package have in common: the name without its channel, in lower case. */
export function packageName(text: string): string {
  const name = parseRequirement(text)?.name ?? text.trim();
  return name.slice(name.lastIndexOf(':') + 1).toLowerCase();
}

/** What a person can say of a package's version without typing it. */
export type ConstraintKind = 'any' | 'this' | 'series' | 'least';

/** Write a constraint of the given kind on a version: `2.3.5` gives ``, `==2.3.5`, `=2.3` (pip: `==2.3.*`), `>=2.3.5`. */
export function constraintFor(
  kind: ConstraintKind,
  version: string,
  manager: 'conda' | 'pip' = 'conda'
): string {
  switch (kind) {
    case 'any':
      return '';
    case 'this':
      return `==${version}`;
    case 'series':
      return manager === 'pip' ? `==${minorSeries(version)}.*` : `=${minorSeries(version)}`;
    case 'least':
      return `>=${version}`;
  }
}

/** The first two numbers of a version, or all of it when it has fewer: `2.3.5` is of the series `2.3`. */
export function minorSeries(version: string): string {
  return /^(?:\d+!)?\d+\.\d+/.exec(version)?.[0] ?? version;
}
