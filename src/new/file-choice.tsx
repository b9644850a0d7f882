/**
 * A way to choose a file of this computer, beside a word on what it is for.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useRef } from 'react';

import { LinkButton } from '../components/buttons';
import { ACCEPTED } from './files';

interface IFileChoiceProps {
  trans: TranslationBundle;
  onFile: (file: File) => void;
  children: React.ReactNode;
}

export function FileChoice(props: IFileChoiceProps): React.ReactElement {
  const { trans, onFile } = props;
  const input = useRef<HTMLInputElement>(null);
  return (
    <p className="envstore-help">
      {props.children}
      <LinkButton onClick={() => input.current?.click()}>{trans.__('Choose a file…')}</LinkButton>
      <input
        ref={input}
        type="file"
        accept={ACCEPTED}
        hidden
        aria-label={trans.__(
          'An environment.yml, a lockfile, a requirements.txt or a notebook on this computer'
        )}
        onChange={event => {
          const file = event.currentTarget.files?.item(0);
          event.currentTarget.value = '';
          if (file) {
            onFile(file);
          }
        }}
      />
    </p>
  );
}
