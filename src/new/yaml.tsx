/**
 * The draft as the text of an environment.yml, checked as one types.
 */
import type { IEditorServices } from '@jupyterlab/codeeditor';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { Remark } from '../components/remark';
import type { IChecked } from './checking';
import { correction } from './corrected';
import type { NewDraft } from './draft';
import { FileChoice } from './file-choice';
import { MessageField } from './message-field';
import { NameField } from './name-field';
import { YamlEditor } from './yaml-editor';

interface IYamlProps {
  draft: NewDraft;
  checked: IChecked;
  services: IEditorServices;
  namespaces: ReadonlyArray<string>;
  trans: TranslationBundle;
  onFile: (file: File) => void;
}

const PROBLEMS = 'envstore-new-problems';

export function Yaml(props: IYamlProps): React.ReactElement {
  const { draft, checked, trans } = props;
  const wrong = checked.errors.flatMap(error => (error.line === null ? [] : [error.line]));
  return (
    <div className="envstore-form">
      <NameField
        draft={draft}
        namespaces={props.namespaces}
        problem={checked.nameProblem}
        trans={trans}
        quiet
      />
      <span className="envstore-label">{trans.__('environment.yml')}</span>
      <div>
        <YamlEditor
          services={props.services}
          text={draft.text}
          label={trans.__('environment.yml')}
          wrong={wrong}
          describedBy={PROBLEMS}
          onChange={text => draft.setText(text)}
        />
        <div id={PROBLEMS}>
          {[...checked.errors, ...checked.warnings].map(remark => (
            <Remark
              key={`${remark.severity} ${remark.line} ${remark.message}`}
              remark={remark}
              trans={trans}
              onCorrect={correction(draft, remark)}
            />
          ))}
        </div>
        <FileChoice trans={trans} onFile={props.onFile}>
          {trans.__('A file can be dropped here.')}
        </FileChoice>
      </div>
      <MessageField draft={draft} trans={trans} />
    </div>
  );
}
