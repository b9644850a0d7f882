/**
 * The changes of a draft in words: “polars added, pyarrow changed, seaborn removed”.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IChange } from './asked';

/** All changes in one line, in the order in which they are given. */
export function changeWords(changes: ReadonlyArray<IChange>, trans: TranslationBundle): string {
  return changes.map(change => wordsOf(change, trans)).join(trans.__(', '));
}

function wordsOf(change: IChange, trans: TranslationBundle): string {
  switch (change.what) {
    case 'channels':
      return trans.__('channels changed');
    case 'platforms':
      return trans.__('platforms changed');
    case 'variables':
      return trans.__('variables changed');
    case 'text':
      return trans.__('comments or layout changed');
  }
  switch (change.kind) {
    case 'added':
      return trans.__('%1 added', change.name);
    case 'removed':
      return trans.__('%1 removed', change.name);
    case 'changed':
      return trans.__('%1 changed', change.name);
  }
}
