/**
 * The YAML part of the tab: the same draft as text, checked as one types.
 */
import React, { useCallback } from 'react';

import type { IRemark } from '../api/types';
import { Remark } from '../components/remark';
import { useTranslation } from '../components/translation';
import { useSignal } from '../components/use-model';
import { correction } from '../new/corrected';
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
          <Remark
            key={`${remark.line} ${remark.message}`}
            remark={remark}
            trans={trans}
            onCorrect={correction(draft, remark)}
          />
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
