/**
 * The draft as a file of pip, a requirements.txt or a pylock.toml: what is in it, and for which Python it is locked.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IChecked } from './checking';
import type { NewDraft } from './draft';
import { FileChoice } from './file-choice';
import { MessageField } from './message-field';
import { NameField } from './name-field';

interface IPipFileProps {
  draft: NewDraft;
  checked: IChecked;
  namespaces: ReadonlyArray<string>;
  trans: TranslationBundle;
  onFile: (file: File) => void;
}

const PYTHON = 'envstore-new-python';

export function PipFile(props: IPipFileProps): React.ReactElement {
  const { draft, checked, trans } = props;
  const file = draft.pipFile?.file.split('/').pop() || trans.__('List of packages');
  const isLock = /^lock-version[ \t]*=/m.test(draft.pipFile?.text ?? '');
  return (
    <div className="envstore-form">
      <NameField draft={draft} namespaces={props.namespaces} problem={checked.nameProblem} trans={trans} />
      <span className="envstore-label">{trans.__('Pip packages')}</span>
      <div>
        <pre className="envstore-output envstore-pipfile" tabIndex={0} aria-label={file}>
          {draft.pipFile?.text}
        </pre>
        <p className="envstore-help">
          {isLock
            ? trans.__('%1: pip installs the very versions that it names, and checks their digests.', file)
            : trans.__('%1: its packages become the pip section of the environment, and are locked.', file)}
        </p>
        <FileChoice trans={trans} onFile={props.onFile}>
          {trans.__('Another file can be dropped here.')}
        </FileChoice>
      </div>
      <label htmlFor={PYTHON}>{trans.__('Python')}</label>
      <input
        className="envstore-input"
        id={PYTHON}
        type="text"
        spellCheck={false}
        placeholder={trans.__('As the file says, or the newest. To choose, type e.g. 3.12')}
        value={draft.python}
        onChange={event => draft.setPython(event.currentTarget.value)}
      />
      <MessageField draft={draft} placeholder={trans.__('Import of %1', file)} trans={trans} />
    </div>
  );
}
