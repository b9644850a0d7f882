/**
 * One build: how far it is, or how it went.
 */
import { refreshIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { isActive, type IBuild, type IEnvironment } from '../api/types';
import { Button, LinkButton } from '../components/buttons';
import { Banner } from '../components/empty';
import { tellFailure } from '../components/failures';
import { warningIcon } from '../components/icons';
import { elapsed, reasonText } from '../components/stages';
import { useTranslation } from '../components/translation';
import { isAgain } from './attempts';
import { useEnvironmentContext } from './context';
import { Failure } from './failure';
import { stopIcon } from './icons';
import { Log } from './log';
import { explanationOf } from './remedies';
import { secondsText, StageList } from './stage-list';

interface IBuildViewProps {
  build: IBuild;
  environment: IEnvironment;
  /** The number that its version has, or will have if it succeeds. */
  number: number;
  onBuild: (id: number) => void;
  /** Go on editing a text. */
  onEdit: (specification: string) => void;
}

export function BuildView(props: IBuildViewProps): React.ReactElement {
  const { build, number, onBuild } = props;
  const trans = useTranslation();
  const isFailed = build.state === 'failed';
  return (
    <>
      <div className="envstore-row-flex envstore-buildhead">
        <h2>{heading(build, number, trans)}</h2>
        <span className="envstore-muted envstore-clip" title={build.message}>
          {isFailed ? failedFacts(build, trans) : build.message}
        </span>
        <span className="envstore-spacer" />
        <BuildButton build={build} onBuild={onBuild} />
      </div>
      {!(isFailed && explanationOf(build)) && (
        <StageList
          build={build}
          versionText={isAgain(build) ? trans.__('the files') : trans.__('version %1', number)}
        />
      )}
      {build.warnings.map((warning, index) => (
        <Banner key={index} look="warn" icon={warningIcon}>
          {warning.message}
        </Banner>
      ))}
      {isFailed ? <Failure {...props} /> : <Log build={build} />}
    </>
  );
}

function BuildButton(props: { build: IBuild; onBuild: (id: number) => void }): React.ReactElement | null {
  const { build, onBuild } = props;
  const { model } = useEnvironmentContext();
  const trans = useTranslation();
  if (isActive(build)) {
    const cancel = (): void => {
      model
        .cancel(build.id)
        .catch(error => tellFailure(trans.__('The build was not cancelled.'), error, trans));
    };
    return (
      <Button icon={stopIcon} disabled={build.cancel_requested} onClick={cancel}>
        {build.cancel_requested ? trans.__('Cancelling') : trans.__('Cancel build')}
      </Button>
    );
  }
  const { retried_as: next } = build;
  if (next !== null) {
    return <LinkButton onClick={() => onBuild(next)}>{trans.__('See what became of the retry')}</LinkButton>;
  }
  if (build.state === 'ready') {
    return null;
  }
  const retry = (): void => {
    model.retry(build.id).then(
      begun => onBuild(begun.id),
      error => tellFailure(trans.__('The build was not repeated.'), error, trans)
    );
  };
  return (
    <Button icon={refreshIcon} onClick={retry}>
      {trans.__('Retry')}
    </Button>
  );
}

function heading(build: IBuild, number: number, trans: TranslationBundle): string {
  switch (build.state) {
    case 'ready':
      return build.version === null ? trans.__('Done') : trans.__('Version %1 is ready', build.version);
    case 'failed':
      return build.error ? reasonText(build.error, trans) : trans.__('The build failed');
    case 'cancelled':
      return trans.__('Cancelled');
    case 'queued':
      return isAgain(build)
        ? trans.__('Waits to be built again')
        : trans.__('Version %1 waits to be built', number);
    default:
      return isAgain(build) ? trans.__('Building again') : trans.__('Building version %1', number);
  }
}

function failedFacts(build: IBuild, trans: TranslationBundle): string {
  const seconds = secondsText(elapsed(build, 0), trans.__('s'));
  const platform = explanationOf(build)?.platform;
  return platform ? trans.__('for %1, found in %2', platform, seconds) : trans.__('after %1', seconds);
}
