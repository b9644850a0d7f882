/**
 * Whether a version fulfils a constraint, as far as that can be told without a solver. Pure: only used to say what a
 * person can expect; what is built is for the resolver to decide.
 */

const CLAUSE = /^(<=|>=|==|!=|~=|=|<|>)?\s*([\w.*+!-]+)$/;

/**
 * Tell whether a version fulfils a constraint such as `=3.12` or `>=2.3,<3`.
 *
 * @returns Null where that cannot be told: a constraint with `|` or a build, or versions that are not all numbers.
 */
export function fits(version: string, constraint: string): boolean | null {
  const text = constraint.trim();
  if (text === '' || text === 'any' || text === '*') {
    return true;
  }
  let all: boolean | null = true;
  for (const clause of text.split(',')) {
    const one = fitsClause(version, clause.trim());
    if (one === false) {
      return false;
    }
    all = one === null ? null : all;
  }
  return all;
}

/**
 * Return a constraint that asks for a version at least, and for the rest as before: `>=2.2,<3` raised to 2.3.5 is
 * `>=2.3.5,<3`.
 *
 * @returns Null where that cannot be written: a constraint with `|` or a build.
 */
export function raised(constraint: string, version: string): string | null {
  const clauses = constraint
    .split(',')
    .map(clause => clause.trim())
    .filter(clause => !['', 'any', '*'].includes(clause));
  if (!clauses.every(clause => CLAUSE.test(clause))) {
    return null;
  }
  const others = clauses.filter(clause => !clause.startsWith('>'));
  const held = others.filter(clause => !clause.startsWith('<'));
  return [...held, `>=${version}`, ...others.filter(clause => clause.startsWith('<'))].join(',');
}

/** Whether a constraint holds a package at one version, or at one series of them. */
export function isPin(constraint: string): boolean {
  return /^(={1,2}|~=)\s*[^,|]+$/.test(constraint.trim()) || /^\d[\w.*]*$/.test(constraint.trim());
}

/** Which of two versions is the greater: negative, 0 or positive; null where they are not all numbers. */
export function compareVersions(left: string, right: string): number | null {
  const [one, other] = [numbers(left), numbers(right)];
  if (!one || !other) {
    return left === right ? 0 : null;
  }
  for (let index = 0; index < Math.max(one.length, other.length); index++) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}

function fitsClause(version: string, clause: string): boolean | null {
  const match = CLAUSE.exec(clause);
  if (!match) {
    return null;
  }
  const operator = match[1] ?? '=';
  const isSeries = match[2]!.endsWith('*') || operator === '=';
  const wanted = match[2]!.replace(/\.?\*$/, '');
  if (operator === '~=') {
    const series = wanted.split('.').slice(0, -1).join('.');
    return both(fitsClause(version, `>=${wanted}`), series ? fitsClause(version, `=${series}`) : true);
  }
  if (isSeries && (operator === '=' || operator === '==' || operator === '!=')) {
    const inSeries = version === wanted || version.startsWith(`${wanted}.`);
    return operator === '!=' ? !inSeries : inSeries;
  }
  const order = compareVersions(version, wanted);
  if (order === null) {
    return null;
  }
  return {
    '==': order === 0,
    '!=': order !== 0,
    '<': order < 0,
    '<=': order <= 0,
    '>': order > 0,
    '>=': order >= 0
  }[operator as '==' | '!=' | '<' | '<=' | '>' | '>='];
}

function both(left: boolean | null, right: boolean | null): boolean | null {
  return left === false || right === false ? false : left === null || right === null ? null : true;
}

function numbers(version: string): number[] | null {
  return /^\d+(\.\d+)*$/.test(version) ? version.split('.').map(Number) : null;
}
