/**
 * What the panel shows when the server answers: what an environment is, how to make one, and where they lie.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IStatus } from '../tokens';
import { diskIcon, environmentsIcon } from './icons';

/** The command that makes a first environment; it is shown, not run. */
const EXAMPLE = 'jupyter envstore create \\\n  -n analysis \\\n  python pandas ipykernel';

export function StoreReady(props: { status: IStatus; trans: TranslationBundle }): React.ReactElement {
  const { status, trans } = props;
  return (
    <>
      <div className="envstore-panel-list">
        <div className="envstore-first">
          <environmentsIcon.react className="envstore-icon" tag="span" />
          <h3>{trans.__('Ready for environments')}</h3>
          <p>
            {trans.__(
              'An environment is a set of packages with its own kernel. Each change makes a new version, so you can always go back.'
            )}
          </p>
          <p>{trans.__('Make one in a terminal:')}</p>
          <pre className="envstore-command envstore-mono">{EXAMPLE}</pre>
        </div>
      </div>
      <div className="envstore-panel-foot">
        <div className="envstore-disk" role="status">
          <diskIcon.react className="envstore-icon" tag="span" />
          <span className="envstore-clip" title={status.store}>
            {status.store}
          </span>
          <span className="envstore-spacer" />
          <span className="envstore-num" title={trans.__('Version of jupyter-envstore')}>
            {status.version}
          </span>
        </div>
      </div>
    </>
  );
}
