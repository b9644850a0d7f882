/**
 * Form or YAML: two views of one draft.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IRemark } from '../api/types';
import type { NewDraft } from './draft';

type Mode = 'form' | 'yaml';

interface IModeSwitchProps {
  draft: NewDraft;
  errors: ReadonlyArray<IRemark>;
  trans: TranslationBundle;
  onChange: (mode: Mode) => void;
}

export function ModeSwitch(props: IModeSwitchProps): React.ReactElement {
  const { draft, trans, onChange } = props;
  const obstacle = draft.mode === 'yaml' ? whyNoForm(props) : null;
  const modes: [Mode, string][] = [
    ['form', trans.__('Form')],
    ['yaml', 'YAML']
  ];
  return (
    <span className="envstore-segment" role="radiogroup" aria-label={trans.__('Edit as')}>
      {modes.map(([mode, label]) => {
        const isOff = mode === 'form' && obstacle !== null;
        return (
          <button
            key={mode}
            type="button"
            role="radio"
            aria-checked={draft.mode === mode}
            tabIndex={draft.mode === mode ? 0 : -1}
            disabled={isOff}
            title={isOff ? obstacle : undefined}
            onClick={() => onChange(mode)}
            onKeyDown={event => {
              if (['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'].includes(event.key)) {
                event.preventDefault();
                const other = event.currentTarget.parentElement!.querySelector<HTMLButtonElement>(
                  '[aria-checked=false]:not(:disabled)'
                );
                other?.focus();
                other?.click();
              }
            }}
          >
            {label}
          </button>
        );
      })}
    </span>
  );
}

/** Why the YAML cannot be shown as a form; null when it can. */
function whyNoForm(props: IModeSwitchProps): string | null {
  const { draft, errors, trans } = props;
  const problem = draft.formProblem;
  if (!problem && errors.length === 0) {
    return null;
  }
  const line = problem?.line ?? errors.find(error => error.line !== null)?.line ?? null;
  return line === null ? trans.__('Correct the YAML first') : trans.__('Correct line %1 first', line);
}
