/**
 * What an environment that a notebook carries is to be called here.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

interface IRestoreNameProps {
  typed: string;
  /** Why the name cannot be had, or null. */
  problem: string | null;
  /** Whether the name that the notebook says is another environment's, and this one has a number instead. */
  isTaken: boolean;
  trans: TranslationBundle;
  onType: (typed: string) => void;
}

const ID = 'envstore-restore-name';
const HELP = `${ID}-help`;

export function RestoreName(props: IRestoreNameProps): React.ReactElement {
  const { typed, problem, isTaken, trans, onType } = props;
  const help = problem ?? (isTaken ? trans.__('The name in the notebook is taken here.') : '');
  return (
    <div className="envstore-restore-name">
      <label htmlFor={ID}>{trans.__('Name it')}</label>
      <div>
        <input
          className="envstore-input"
          id={ID}
          type="text"
          spellCheck={false}
          autoComplete="off"
          value={typed}
          aria-describedby={HELP}
          aria-invalid={problem !== null}
          onChange={event => onType(event.currentTarget.value)}
        />
        <p className={`envstore-help${problem ? ' envstore-error' : ''}`} id={HELP} role="status">
          {help}
        </p>
      </div>
    </div>
  );
}
