/**
 * The second line of a row: what its build is doing, or why it failed.
 */
import React from 'react';

import { isActive, type IBuild, type IEnvironment } from '../api/types';
import { LinkButton } from '../components/buttons';
import { formatDuration } from '../components/formatting';
import { ProgressBar } from '../components/progress-bar';
import { elapsed, reasonText, stageText } from '../components/stages';
import { useTranslation } from '../components/translation';
import { useNow } from '../components/use-model';
import { CommandIDs } from '../tokens';
import { useActions } from './actions';
import { isWorthRetrying } from './row-texts';

interface IRowDetailProps {
  environment: IEnvironment;
  build: IBuild;
  before: number;
  tabIndex: number;
}

export function RowDetail(props: IRowDetailProps): React.ReactElement {
  return (
    <div className="envstore-tree-detail">
      {isActive(props.build) ? <Stage {...props} /> : <Failure {...props} />}
    </div>
  );
}

function Stage({ environment, build, before }: IRowDetailProps): React.ReactElement {
  const trans = useTranslation();
  const now = useNow(true);
  const text = stageText(build, trans, before);
  const waits = build.state === 'queued';
  return (
    <>
      <div className="envstore-row-flex">
        <span className="envstore-clip" title={text}>
          {text}
        </span>
        <span className="envstore-spacer" />
        {!waits && <span className="envstore-num">{formatDuration(elapsed(build, now))}</span>}
      </div>
      {!waits && (
        <ProgressBar
          fraction={build.progress.fraction}
          label={trans.__('Build of %1', environment.name)}
          text={text}
        />
      )}
    </>
  );
}

function Failure({ environment, build, tabIndex }: IRowDetailProps): React.ReactElement {
  const trans = useTranslation();
  const { run } = useActions();
  const { namespace, name } = environment;
  const error = build.error;
  return (
    <div className="envstore-row-flex">
      <span className="envstore-clip envstore-error" title={error?.message}>
        {error ? reasonText(error, trans) : trans.__('The build failed')}
      </span>
      <span className="envstore-spacer" />
      <LinkButton
        tabIndex={tabIndex}
        onClick={event => {
          event.stopPropagation();
          if (isWorthRetrying(build)) {
            run(CommandIDs.retryBuild, { build: build.id });
          } else {
            run(CommandIDs.openEnvironment, { namespace, name, tab: 'builds', build: build.id });
          }
        }}
      >
        {isWorthRetrying(build) ? trans.__('Retry') : trans.__('See why')}
      </LinkButton>
    </div>
  );
}
