/**
 * What is said below a field that searches packages where there is no list: what was not found, or is being looked up.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { channelName, NoSuggestions, PYPI } from './suggestions';
import type { IPackageSearchField } from './use-package-search';

interface ISearchNoteProps {
  field: IPackageSearchField;
  channels: ReadonlyArray<string>;
  /** Whether the package index can be asked too. */
  hasIndex: boolean;
  trans: TranslationBundle;
}

export function SearchNote(props: ISearchNoteProps): React.ReactElement | null {
  const text = noteOf(props);
  return text === null ? null : <NoSuggestions text={text} />;
}

function noteOf({ field, channels, hasIndex, trans }: ISearchNoteProps): string | null {
  const { lookup, part } = field;
  switch (lookup.kind) {
    case 'asking':
      return trans.__('Asking PyPI for “%1”', lookup.name);
    case 'missing':
      return nothingFound(lookup.name, [...channels, PYPI], trans);
    case 'failed':
      return lookup.error.message;
    case 'source':
      return null;
    case 'idle':
      break;
  }
  if (!field.isInVain) {
    return null;
  }
  if (field.error) {
    return field.error.message;
  }
  const nothing = nothingFound(part, channels, trans);
  return hasIndex ? `${nothing} ${trans.__('Enter asks PyPI.')}` : nothing;
}

/** Says that no channel has a package of that name. */
export function nothingFound(
  name: string,
  channels: ReadonlyArray<string>,
  trans: TranslationBundle
): string {
  const where = channels.map(channelName);
  const last = where.pop() ?? 'conda-forge';
  return where.length > 0
    ? trans.__('No package is called “%1” in %2 or %3.', name, where.join(', '), last)
    : trans.__('No package is called “%1” in %2.', name, last);
}
