/**
 * What is wrong with a line of YAML, or could be better, with a button that corrects it where that is known.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IRemark } from '../api/types';
import { LinkButton } from './buttons';
import { failedIcon, warningIcon } from './icons';
import { Sentence } from './sentence';

interface IRemarkProps {
  remark: IRemark;
  trans: TranslationBundle;
  /** Puts the correction into the text; null where none is known. */
  onCorrect: (() => void) | null;
}

export function Remark(props: IRemarkProps): React.ReactElement {
  const { remark, trans, onCorrect } = props;
  const isError = remark.severity === 'error';
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
        {onCorrect !== null && (
          <>
            {' '}
            <LinkButton onClick={onCorrect}>{trans.__('Correct it')}</LinkButton>
          </>
        )}
      </span>
    </p>
  );
}
