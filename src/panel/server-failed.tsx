/**
 * What the panel shows when the server does not answer, or answers with an error: what happened and what to do.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { RequestError, ServerAwayError } from '../api/request';

interface IServerFailedProps {
  error: Error;
  trans: TranslationBundle;
  onRetry: () => void;
}

export function ServerFailed(props: IServerFailedProps): React.ReactElement {
  const { error, trans, onRetry } = props;
  const { title, advice } = explain(error, trans);
  return (
    <div className="envstore-panel-list">
      <div className="envstore-banner jp-mod-error" role="alert">
        <div>
          <p>{title}</p>
          {advice && <p className="envstore-muted">{advice}</p>}
          <div className="envstore-actions">
            <button className="envstore-button" type="button" onClick={onRetry}>
              {trans.__('Try again')}
            </button>
          </div>
        </div>
      </div>
    </div>
  );
}

function explain(error: Error, trans: TranslationBundle): { title: string; advice?: string } {
  if (error instanceof ServerAwayError) {
    return { title: trans.__('The server does not answer.') };
  }
  if (error instanceof RequestError && error.status === 404) {
    return {
      title: trans.__('The server extension is not running.'),
      advice: trans.__('Start Jupyter from the Python environment that jupyter_envstore is installed in.')
    };
  }
  return { title: error.message };
}
