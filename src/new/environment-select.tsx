/**
 * Which of the environments of a pixi.lock is taken.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { caretDownIcon } from '@jupyterlab/ui-components';
import React from 'react';

import { plainText } from '../components/strange-text';
import type { NewDraft } from './draft';
import type { ILooked } from './looking';

interface IEnvironmentSelectProps {
  looked: Pick<ILooked, 'environment' | 'environments'>;
  draft: Pick<NewDraft, 'setEnvironment'>;
  trans: TranslationBundle;
}

export function EnvironmentSelect(props: IEnvironmentSelectProps): React.ReactElement {
  const { environment, environments } = props.looked;
  const { draft, trans } = props;
  return (
    <span className="envstore-selectbox">
      <select
        className="envstore-select"
        aria-label={trans.__('Environment in the file')}
        value={environment}
        onChange={event => draft.setEnvironment(event.currentTarget.value)}
      >
        {!environments.includes(environment) && (
          <option value={environment} disabled>
            {plainText(environment) || trans.__('Choose one')}
          </option>
        )}
        {environments.map(name => (
          <option key={name} value={name}>
            {plainText(name)}
          </option>
        ))}
      </select>
      <caretDownIcon.react className="envstore-icon" tag="span" />
    </span>
  );
}
