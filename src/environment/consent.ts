/**
 * Consent to run the code of packages that have no wheel: whether it is that what is missing. Pure.
 */
import type { IErrorReport } from '../api/types';

/** The packages whose own code would have to run; none where something else failed. */
export function consentOf(failed: { readonly error: IErrorReport | null }): string[] {
  if (failed.error?.code !== 'source_not_allowed') {
    return [];
  }
  const packages = failed.error.details['packages'];
  return Array.isArray(packages) ? packages.map(String) : [];
}

/** A sentence without what one would type in a terminal: there are buttons here. */
export function withoutCommand(sentence: string): string {
  return sentence.replace(/: --allow-source [^\s]+\.$/, '.');
}
