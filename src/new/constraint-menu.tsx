/**
 * A package that was asked for, as a button, with a menu of what its version may be.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useRef, useState } from 'react';

import { Popup } from './popup';
import {
  constraintFor,
  formatRequirement,
  minorSeries,
  parseRequirement,
  type ConstraintKind
} from './requirement';

interface IConstraintMenuProps {
  text: string;
  /** Tells the versions that the channels have, the newest first; none when they cannot be had. */
  versionsOf: (name: string) => Promise<ReadonlyArray<string>>;
  trans: TranslationBundle;
  onChange: (text: string) => void;
  /** The person wants to type the constraint. */
  onType: () => void;
}

/** What a version may be; null stands for one that is typed. */
export interface IChoice {
  readonly label: string;
  readonly constraint: string | null;
}

export function ConstraintMenu(props: IConstraintMenuProps): React.ReactElement {
  const { text, trans } = props;
  const [versions, setVersions] = useState<ReadonlyArray<string> | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const requirement = parseRequirement(text);
  const open = async (): Promise<void> => setVersions(await props.versionsOf(requirement?.name ?? text));
  const close = (): void => {
    setVersions(null);
    button.current?.focus();
  };
  const pick = (choice: IChoice): void => {
    close();
    if (choice.constraint === null || !requirement) {
      props.onType();
    } else {
      props.onChange(formatRequirement({ ...requirement, constraint: choice.constraint }));
    }
  };
  return (
    <span className="envstore-constraint">
      <button
        ref={button}
        type="button"
        className="envstore-token-text"
        aria-haspopup="menu"
        aria-expanded={versions !== null}
        title={trans.__('Choose which version of %1', requirement?.name ?? text)}
        onClick={() => (versions ? close() : void open())}
      >
        {text}
      </button>
      {versions && (
        <Choices
          choices={choicesOf(versions, trans)}
          current={requirement?.constraint ?? ''}
          label={trans.__('Version of %1', requirement?.name ?? text)}
          onPick={pick}
          onClose={close}
          onLeave={() => setVersions(null)}
        />
      )}
    </span>
  );
}

function choicesOf(versions: ReadonlyArray<string>, trans: TranslationBundle): IChoice[] {
  const newest = versions[0];
  const choice = (kind: ConstraintKind, label: string, version: string): IChoice => ({
    label,
    constraint: constraintFor(kind, version)
  });
  const series = [...new Set(versions.map(minorSeries))].slice(1, 5);
  return [
    choice('any', trans.__('Any version'), ''),
    ...(newest
      ? [
          choice('this', trans.__('Exactly %1, the newest', newest), newest),
          choice('series', trans.__('Any %1', minorSeries(newest)), newest),
          choice('least', trans.__('At least %1', newest), newest),
          ...series.map(older => choice('series', trans.__('Any %1', older), older))
        ]
      : []),
    { label: trans.__('Type one…'), constraint: null }
  ];
}

interface IChoicesProps {
  choices: ReadonlyArray<IChoice>;
  current: string;
  label: string;
  onPick: (choice: IChoice) => void;
  /** Escape: the focus goes back to where it came from. */
  onClose: () => void;
  /** The focus went elsewhere. */
  onLeave: () => void;
}

/** The menu itself: it takes the focus when it opens. */
export function Choices(props: IChoicesProps): React.ReactElement {
  const { choices, onPick, onClose } = props;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const items = list.current?.querySelectorAll<HTMLElement>('[role=menuitemradio]');
    (list.current?.querySelector<HTMLElement>('[aria-checked=true]') ?? items?.item(0))?.focus();
  }, []);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const items = Array.from(list.current?.querySelectorAll<HTMLElement>('[role=menuitemradio]') ?? []);
    const at = items.indexOf(document.activeElement as HTMLElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      items[(at + step + items.length) % items.length]?.focus();
    } else if (event.key === 'Home' || event.key === 'End') {
      items.at(event.key === 'Home' ? 0 : -1)?.focus();
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      onClose();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <Popup
      ref={list}
      className="envstore-choices"
      role="menu"
      aria-label={props.label}
      onKeyDown={onKeyDown}
      onBlur={event => {
        const to = event.relatedTarget;
        // The button that opened the menu closes it itself.
        if (!event.currentTarget.parentElement?.contains(to)) {
          props.onLeave();
        }
      }}
    >
      {choices.map(choice => (
        <button
          key={choice.constraint ?? 'type'}
          type="button"
          role="menuitemradio"
          className="envstore-menu-item"
          aria-checked={choice.constraint === props.current}
          onClick={() => onPick(choice)}
        >
          <span>{choice.label}</span>
          <kbd className="envstore-mono">{choice.constraint}</kbd>
        </button>
      ))}
    </Popup>
  );
}
