/**
 * The YAML part of the tab: the same draft as text, checked as one types.
 */
import React, { useCallback } from 'react';

import type { IRemark } from '../api/types';
import { LinkButton } from '../components/buttons';
import { failedIcon, warningIcon } from '../components/icons';
import { Sentence } from '../components/sentence';
import { useTranslation } from '../components/translation';
import { useSignal } from '../components/use-model';
import { corrected } from '../new/corrected';
import { useAnswer } from '../new/search';
import { YamlEditor } from '../new/yaml-editor';
import { useEnvironmentContext } from './context';
import type { Draft } from './draft';

const CHECK_DELAY = 250;
const NO_REMARKS: ReadonlyArray<IRemark> = [];

export function Yaml(props: { draft: Draft; prefix: string }): React.ReactElement {
  const { draft, prefix } = props;
  const { services, client } = useEnvironmentContext();
  const trans = useTranslation();
  useSignal(draft.changed);
  const { text } = draft;
  const check = useCallback((asked: string) => client.check(asked), [client]);
  const report = useAnswer(text, check, CHECK_DELAY);
  // What was said of a text that has changed meanwhile would be marked at a wrong line.
  const remarks = (report.question === text && report.answer?.remarks) || NO_REMARKS;
  const wrong = remarks.flatMap(({ severity, line }) =>
    severity === 'error' && line !== null ? [line] : []
  );
  const problems = `${prefix}-problems`;
  return (
    <div className="envstore-body envstore-yaml">
      <YamlEditor
        services={services}
        text={text}
        label={trans.__('environment.yml')}
        wrong={wrong}
        describedBy={problems}
        onChange={changed => draft.setText(changed)}
      />
      <div id={problems}>
        {remarks.map(remark => (
          <Problem key={`${remark.line} ${remark.message}`} remark={remark} draft={draft} />
        ))}
      </div>
      <p className="envstore-help">
        {draft.isDirty
          ? trans.__('The packages are another view of this text. Its comments stay.')
          : trans.__('What is changed here becomes a new version once it was looked at and built.')}
      </p>
    </div>
  );
}

function Problem(props: { remark: IRemark; draft: Draft }): React.ReactElement {
  const { remark, draft } = props;
  const trans = useTranslation();
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
