/**
 * The kinds of changes between two versions: their signs, their words, and how many there are of each.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IPackageChange } from '../api/types';
import { useTranslation } from '../components/translation';

export type ChangeKind = IPackageChange['kind'];

/** In the order in which they are shown. */
export const KINDS: ReadonlyArray<ChangeKind> = ['added', 'upgraded', 'downgraded', 'rebuilt', 'removed'];

const SIGNS: Readonly<Record<ChangeKind, string>> = {
  added: '+',
  upgraded: '↑',
  downgraded: '↓',
  rebuilt: '↻',
  removed: '−'
};
const LOOKS: Readonly<Record<ChangeKind, string>> = {
  added: 'add',
  upgraded: 'up',
  downgraded: 'down',
  rebuilt: 'same',
  removed: 'remove'
};

const REVERSED: Readonly<Record<ChangeKind, ChangeKind>> = {
  added: 'removed',
  upgraded: 'downgraded',
  downgraded: 'upgraded',
  rebuilt: 'rebuilt',
  removed: 'added'
};

/** What is done to a package on the way back. */
export function reversed(kind: ChangeKind): ChangeKind {
  return REVERSED[kind];
}

/** What was done to a package, in a word. */
export function kindWord(kind: ChangeKind, trans: TranslationBundle): string {
  switch (kind) {
    case 'added':
      return trans.__('added');
    case 'upgraded':
      return trans.__('upgraded');
    case 'downgraded':
      return trans.__('downgraded');
    case 'rebuilt':
      return trans.__('rebuilt');
    case 'removed':
      return trans.__('removed');
  }
}

/** The sign before a package's name. */
export function KindSign(props: { kind: ChangeKind }): React.ReactElement {
  const trans = useTranslation();
  const word = kindWord(props.kind, trans);
  return (
    <i className={`jp-mod-${LOOKS[props.kind]}`} role="img" aria-label={word} title={word}>
      {SIGNS[props.kind]}
    </i>
  );
}

/** How many changes there are of each kind: `+2 ↑5 ↓1 −3`, with titles in words. */
export function Delta(props: { changes: ReadonlyArray<Pick<IPackageChange, 'kind'>> }): React.ReactElement {
  const trans = useTranslation();
  return (
    <span className="envstore-delta">
      {KINDS.map(kind => {
        const count = props.changes.filter(change => change.kind === kind).length;
        const words = `${count.toLocaleString()} ${kindWord(kind, trans)}`;
        return count === 0 ? null : (
          <span key={kind} className={`jp-mod-${LOOKS[kind]}`} role="img" aria-label={words} title={words}>
            {SIGNS[kind]}
            {count.toLocaleString()}
          </span>
        );
      })}
    </span>
  );
}
