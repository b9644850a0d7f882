/**
 * What the first version is for, with its label.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { NewDraft } from './draft';

interface IMessageFieldProps {
  draft: NewDraft;
  /** What it is called when nothing is typed. */
  placeholder?: string;
  trans: TranslationBundle;
}

const ID = 'envstore-new-message';

export function MessageField(props: IMessageFieldProps): React.ReactElement {
  const { draft, trans } = props;
  return (
    <>
      <label htmlFor={ID}>{trans.__('Message')}</label>
      <input
        className="envstore-input"
        id={ID}
        type="text"
        placeholder={props.placeholder ?? trans.__('First version')}
        value={draft.message}
        onChange={event => draft.setMessage(event.currentTarget.value)}
      />
    </>
  );
}
