/**
 * The draft as the text of an environment.yml, checked as one types.
 */
import type { IEditorServices } from '@jupyterlab/codeeditor';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IRemark } from '../api/types';
import { LinkButton } from '../components/buttons';
import { failedIcon, warningIcon } from '../components/icons';
import { Sentence } from '../components/sentence';
import type { IChecked } from './checking';
import { corrected } from './corrected';
import type { NewDraft } from './draft';
import { FileChoice } from './file-choice';
import { MessageField } from './form';
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
      <label htmlFor="envstore-new-name">{trans.__('Name')}</label>
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
          {checked.errors.map(error => (
            <Problem key={`${error.line} ${error.message}`} remark={error} draft={draft} trans={trans} />
          ))}
          {checked.warnings.map(warning => (
            <Problem
              key={`${warning.line} ${warning.message}`}
              remark={warning}
              draft={draft}
              trans={trans}
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

function Problem(props: { remark: IRemark; draft: NewDraft; trans: TranslationBundle }): React.ReactElement {
  const { remark, draft, trans } = props;
  const isError = remark.severity === 'error';
  const text = corrected(draft.text, remark);
  const Icon = isError ? failedIcon : warningIcon;
  return (
    <p
      className={`envstore-help ${isError ? 'envstore-error' : 'envstore-warn'}`}
      role={isError ? 'alert' : 'status'}
    >
      <Icon.react
        className={`envstore-icon ${isError ? 'envstore-icon-error' : 'envstore-icon-warn'}`}
        tag="span"
      />
      <span>
        <Sentence
          text={remark.line === null ? remark.message : trans.__('Line %1: %2', remark.line, remark.message)}
        />
        {text !== null && (
          <>
            {' '}
            <LinkButton onClick={() => draft.setText(text)}>{trans.__('Correct it')}</LinkButton>
          </>
        )}
      </span>
    </p>
  );
}
