/**
 * Which names an environment may have, told while one types. The server has the last word with the same rules.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

const MAX_LENGTH = 64;

/** Return which rule a name breaks, in words, or null when it breaks none. An empty name breaks none yet. */
export function nameProblem(name: string, trans: TranslationBundle): string | null {
  if (name === '') {
    return null;
  }
  if (!/^[A-Za-z0-9]/.test(name)) {
    return trans.__('Begin with a letter or a digit.');
  }
  const wrong = /[^A-Za-z0-9._-]/.exec(name);
  if (wrong) {
    return wrong[0] === ' '
      ? trans.__('A name has no spaces. Join the words with - or _')
      : trans.__('%1 cannot be in a name. Use letters, digits and . _ -', wrong[0]);
  }
  if (name.includes('--')) {
    return trans.__('Two hyphens in a row separate the parts of a kernel’s name. Use one.');
  }
  if (name.length > MAX_LENGTH) {
    return trans.__('%1 characters are too many. At most %2 are allowed.', name.length, MAX_LENGTH);
  }
  return null;
}

/** Return which rule a namespace breaks, in words, or null when it breaks none. */
export function namespaceProblem(namespace: string, trans: TranslationBundle): string | null {
  if (namespace === '') {
    return trans.__('Before the / stands a namespace, such as team/name.');
  }
  const problem = nameProblem(namespace, trans);
  return problem && trans.__('%1 cannot be a namespace. %2', namespace, problem);
}

/** Split `namespace/name` as a person types it; the namespace is null where none was typed. */
export function splitName(typed: string): [namespace: string | null, name: string] {
  const at = typed.indexOf('/');
  return at < 0 ? [null, typed.trim()] : [typed.slice(0, at).trim(), typed.slice(at + 1).trim()];
}
