/**
 * What is asked of one package's version, as a button in the table: a menu of the usual, or one types it.
 */
import { caretDownIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useRef, useState } from 'react';

import { useTranslation } from '../components/translation';
import { Choices, type IChoice } from '../new/constraint-menu';
import { constraintFor, minorSeries, type ConstraintKind } from '../new/requirement';
import type { IRow } from './rows';

interface IConstraintProps {
  row: IRow;
  /** Tells which versions there are, the newest first. */
  versionsOf: () => Promise<ReadonlyArray<string>>;
  disabled: boolean;
  onChange: (constraint: string) => void;
}

export function Constraint(props: IConstraintProps): React.ReactElement {
  const { row, disabled, onChange } = props;
  const trans = useTranslation();
  const [choices, setChoices] = useState<ReadonlyArray<IChoice> | null>(null);
  const [isTyping, setTyping] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const { name, entry, change } = row;
  const any = trans.__('any');

  const open = async (): Promise<void> => setChoices(choicesOf(row, await props.versionsOf(), trans));
  const close = (): void => {
    setChoices(null);
    setTyping(false);
    // After the button has come back in the place of the field.
    setTimeout(() => button.current?.focus());
  };
  const take = (constraint: string): void => {
    close();
    if (constraint !== entry.constraint) {
      onChange(constraint);
    }
  };
  if (isTyping) {
    return <ConstraintInput name={name} start={entry.constraint} onTake={take} onLeave={close} />;
  }
  const before = change?.kind === 'changed' ? change.before : null;
  return (
    <span className="envstore-constraint">
      <button
        ref={button}
        type="button"
        className="envstore-inline-select envstore-mono"
        aria-haspopup="menu"
        aria-expanded={choices !== null}
        aria-label={trans.__('Constraint of %1: %2', name, entry.constraint || any)}
        title={entry.constraint || undefined}
        disabled={disabled}
        onClick={() => (choices ? close() : void open())}
      >
        {before && <s>{before.constraint || any}</s>}
        <span className="envstore-clip">{entry.constraint || any}</span>
        <caretDownIcon.react className="envstore-icon" tag="span" />
      </button>
      {choices && (
        <Choices
          choices={choices}
          current={entry.constraint}
          label={trans.__('Version of %1', name)}
          onPick={({ constraint }) => {
            if (constraint === null) {
              setChoices(null);
              setTyping(true);
            } else {
              take(constraint);
            }
          }}
          onClose={close}
          onLeave={() => setChoices(null)}
        />
      )}
    </span>
  );
}

interface IConstraintInputProps {
  name: string;
  start: string;
  onTake: (constraint: string) => void;
  onLeave: () => void;
}

function ConstraintInput(props: IConstraintInputProps): React.ReactElement {
  const trans = useTranslation();
  const [typed, setTyped] = useState(props.start);
  return (
    <input
      className="envstore-input envstore-mono envstore-constraintinput"
      type="text"
      autoFocus
      spellCheck={false}
      aria-label={trans.__('Constraint of %1', props.name)}
      placeholder=">=1.0,<2"
      value={typed}
      onChange={event => setTyped(event.currentTarget.value)}
      onBlur={() => props.onTake(typed.trim())}
      onKeyDown={event => {
        if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
          props.onTake(typed.trim());
        } else if (event.key === 'Escape') {
          props.onLeave();
        } else {
          return;
        }
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}

/** What one usually asks of a version: about the one that is locked first, then about the newest. */
function choicesOf(row: IRow, versions: ReadonlyArray<string>, trans: TranslationBundle): IChoice[] {
  const locked = row.locked?.version ?? null;
  const written = (kind: ConstraintKind, version: string): string =>
    constraintFor(kind, version, row.manager);
  const newest = versions[0] ?? null;
  const choices: IChoice[] = [{ label: trans.__('Any version'), constraint: '' }];
  if (locked) {
    choices.push(
      { label: trans.__('This version, %1', locked), constraint: written('this', locked) },
      { label: trans.__('Any %1', minorSeries(locked)), constraint: written('series', locked) },
      { label: trans.__('At least %1', locked), constraint: written('least', locked) }
    );
  }
  if (newest && newest !== locked) {
    choices.push(
      { label: trans.__('The newest, %1', newest), constraint: written('this', newest) },
      { label: trans.__('At least %1', newest), constraint: written('least', newest) }
    );
  }
  const known = new Set([locked, newest].map(version => version && minorSeries(version)));
  for (const series of [...new Set(versions.map(minorSeries))].filter(one => !known.has(one)).slice(0, 4)) {
    choices.push({ label: trans.__('Any %1', series), constraint: written('series', series) });
  }
  return [...choices, { label: trans.__('Type one…'), constraint: null }];
}
