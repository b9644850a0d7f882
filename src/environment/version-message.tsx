/**
 * What a version is for. A click, or F2 on its row, makes it a field; Enter and leaving keep what was typed, Escape does
 * not.
 */
import React, { useEffect, useRef, useState } from 'react';

import type { IVersion } from '../api/types';
import { useTranslation } from '../components/translation';

/** Characters that the server takes. */
const MOST = 4000;

interface IVersionMessageProps {
  version: IVersion;
  tabIndex: number;
  onChange: (message: string) => void;
}

export function VersionMessage({ version, tabIndex, onChange }: IVersionMessageProps): React.ReactElement {
  const trans = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const isOpen = typed !== null;
  useEffect(() => {
    field.current?.select();
  }, [isOpen]);

  const { number, message, deleted } = version;
  if (deleted) {
    return <span className="envstore-clip envstore-muted">{message || trans.__('no message')}</span>;
  }
  if (typed === null) {
    return (
      <button
        type="button"
        className="envstore-version-message envstore-clip"
        title={message || trans.__('Say what version %1 is for', number)}
        aria-label={
          message
            ? trans.__('%1. Change the message of version %2', message, number)
            : trans.__('Say what version %1 is for', number)
        }
        tabIndex={tabIndex}
        onClick={() => setTyped(message)}
      >
        {message || <span className="envstore-muted">{trans.__('no message')}</span>}
      </button>
    );
  }
  const end = (text: string, toRow: boolean): void => {
    const row = field.current?.closest('li');
    setTyped(null);
    if (text.trim() !== message) {
      onChange(text.trim());
    }
    if (toRow) {
      row?.focus();
    }
  };
  return (
    <input
      ref={field}
      className="envstore-input envstore-version-field"
      type="text"
      maxLength={MOST}
      aria-label={trans.__('Message of version %1', number)}
      value={typed}
      onChange={event => setTyped(event.currentTarget.value)}
      onBlur={() => end(typed, false)}
      onKeyDown={event => {
        // The keys of the list mean letters and places in the text here.
        event.stopPropagation();
        if (event.key === 'Enter') {
          end(typed, true);
        } else if (event.key === 'Escape') {
          end(message, true);
        }
      }}
    />
  );
}
