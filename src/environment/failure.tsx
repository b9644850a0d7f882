/**
 * Why a build failed: the one sentence, the reasons, what to do, and last what the programs said.
 */
import React from 'react';

import type { IBuild, IEnvironment } from '../api/types';
import { Banner } from '../components/empty';
import { failedIcon } from '../components/icons';
import { Sentence } from '../components/sentence';
import { useTranslation } from '../components/translation';
import { withoutCommand } from './consent';
import { EditSuggestions } from './edit-suggestions';
import { Fold } from './fold';
import { Log } from './log';
import { Reasons } from './reasons';
import { explanationOf } from './remedies';
import { Suggestions } from './suggestions';

interface IFailureProps {
  build: IBuild;
  environment: IEnvironment;
  onBuild: (id: number) => void;
  /** Go on editing a text. */
  onEdit: (specification: string) => void;
}

export function Failure(props: IFailureProps): React.ReactElement {
  const { build, environment } = props;
  const trans = useTranslation();
  const explanation = explanationOf(build);
  const active = environment.active_version;
  const isRevision = build.kind === 'edit' || build.kind === 'update';
  return (
    <>
      <p className="envstore-muted envstore-unchanged">
        {active === null
          ? trans.__('Nothing was installed.')
          : trans.__('Nothing was changed. Version %1 is still active.', active)}
      </p>
      <Banner look="error" icon={failedIcon} blocks>
        <Sentence text={withoutCommand(explanation?.summary ?? build.error?.message ?? '')} />
      </Banner>
      {explanation && <Reasons name={build.name} explanation={explanation} />}
      {explanation && !explanation.minimal && (
        <p className="envstore-help">{trans.__('There was no time to look for all causes.')}</p>
      )}
      {isRevision && active !== null ? <EditSuggestions {...props} /> : <Suggestions {...props} />}
      {explanation ? (
        <>
          <Fold title={trans.__('Full output')}>
            <pre className="envstore-output" tabIndex={0}>
              {explanation.raw}
            </pre>
          </Fold>
          <Fold title={trans.__('Log')}>
            <Log build={build} />
          </Fold>
        </>
      ) : (
        <div className="envstore-failedlog">
          <Log build={build} />
        </div>
      )}
    </>
  );
}
