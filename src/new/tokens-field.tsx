/**
 * Texts in a field, each with a button that takes it away, and an input for the next: what packages and channels share.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { closeIcon } from '@jupyterlab/ui-components';
import React from 'react';

interface ITokenProps {
  text: string;
  trans: TranslationBundle;
  onRemove: () => void;
  /** What is shown in place of the bare text. */
  children?: React.ReactNode;
}

/** One text with its button. */
export function Token(props: ITokenProps): React.ReactElement {
  const label = props.trans.__('Remove %1', props.text);
  return (
    <span className="envstore-token" data-token={props.text}>
      {props.children ?? props.text}
      <button
        type="button"
        className="envstore-token-remove"
        aria-label={label}
        title={label}
        onClick={props.onRemove}
      >
        <closeIcon.react className="envstore-icon" tag="span" />
      </button>
    </span>
  );
}

/** Put the focus on the last token's button: where Backspace goes in an empty input. */
export function focusLastToken(input: HTMLInputElement): void {
  const buttons = input.parentElement?.querySelectorAll<HTMLElement>('.envstore-token-remove');
  buttons?.item(buttons.length - 1)?.focus();
}

interface ITextTokensProps {
  id: string;
  texts: ReadonlyArray<string>;
  label: string;
  placeholder: string;
  trans: TranslationBundle;
  onChange: (texts: string[]) => void;
}

/** A field of plain texts: Enter, or leaving it, adds what was typed. */
export function TextTokens(props: ITextTokensProps): React.ReactElement {
  const { texts, trans, onChange } = props;
  const add = (input: HTMLInputElement): void => {
    const added = input.value.split(/[\s,]+/).filter(text => text !== '' && !texts.includes(text));
    input.value = '';
    if (added.length > 0) {
      onChange([...texts, ...added]);
    }
  };
  return (
    <div className="envstore-tokens" role="group" aria-labelledby={props.id}>
      {texts.map(text => (
        <Token
          key={text}
          text={text}
          trans={trans}
          onRemove={() => onChange(texts.filter(other => other !== text))}
        />
      ))}
      <input
        type="text"
        spellCheck={false}
        aria-label={props.label}
        placeholder={props.placeholder}
        onBlur={event => add(event.currentTarget)}
        onKeyDown={event => {
          if (event.key === 'Enter') {
            add(event.currentTarget);
            if (!event.ctrlKey && !event.metaKey) {
              event.preventDefault();
            }
          } else if (event.key === 'Backspace' && event.currentTarget.value === '') {
            focusLastToken(event.currentTarget);
          }
        }}
      />
    </div>
  );
}
