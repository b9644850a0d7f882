/**
 * The draft as the text of an environment.yml, checked as one types.
 */
import type { IEditorServices } from '@jupyterlab/codeeditor';
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useRef } from 'react';

import type { IRemark } from '../api/types';
import { LinkButton } from '../components/buttons';
import { failedIcon, warningIcon } from '../components/icons';
import { Sentence } from '../components/sentence';
import type { IChecked } from './checking';
import { corrected } from './corrected';
import type { NewDraft } from './draft';
import { MessageField } from './form';
import { NamespaceSelect } from './name-field';
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
  const name = draft.name;
  return (
    <div className="envstore-form">
      <label htmlFor="envstore-new-namespace">{trans.__('Namespace')}</label>
      <NamespaceSelect
        id="envstore-new-namespace"
        namespace={draft.namespace}
        namespaces={props.namespaces}
        trans={trans}
        onNamespace={namespace => draft.setNamespace(namespace)}
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
          {checked.nameProblem && (
            <p className="envstore-help envstore-error" role="alert">
              <failedIcon.react className="envstore-icon envstore-icon-error" tag="span" />
              <span>{checked.nameProblem}</span>
            </p>
          )}
          {checked.warnings.map(warning => (
            <Problem
              key={`${warning.line} ${warning.message}`}
              remark={warning}
              draft={draft}
              trans={trans}
            />
          ))}
        </div>
        {!name && checked.errors.length === 0 && (
          <p className="envstore-help" role="status">
            {trans.__('It has no name yet. Add a line such as “name: %1”.', 'rivers')}
          </p>
        )}
        {name && checked.errors.length === 0 && !checked.nameProblem && (
          <p className="envstore-help">{trans.__('Its kernel will be called %1 (v1)', name)}</p>
        )}
        <FileChoice {...props} />
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

function FileChoice(props: IYamlProps): React.ReactElement {
  const { trans, onFile } = props;
  const input = useRef<HTMLInputElement>(null);
  return (
    <p className="envstore-help">
      {trans.__('A file can be dropped here.')}
      <LinkButton onClick={() => input.current?.click()}>{trans.__('Choose a file…')}</LinkButton>
      <input
        ref={input}
        type="file"
        accept=".yml,.yaml"
        hidden
        aria-label={trans.__('An environment.yml on this computer')}
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
