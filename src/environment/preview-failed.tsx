/**
 * Why there is no preview: the one sentence, the reasons, and what to do.
 */
import React from 'react';

import type { IErrorReport } from '../api/types';
import { Button } from '../components/buttons';
import { Banner } from '../components/empty';
import { failedIcon } from '../components/icons';
import { Sentence } from '../components/sentence';
import { reasonText } from '../components/stages';
import { useTranslation } from '../components/translation';
import { consentOf, withoutCommand } from './consent';
import { Fold } from './fold';
import { Reasons } from './reasons';
import { explanationOf, remediesOf, type IRemedy } from './remedies';
import { RemedyList } from './remedy-list';

interface IPreviewFailedProps {
  error: IErrorReport;
  /** The name of the environment. */
  name: string;
  active: number;
  busy: boolean;
  onBack: () => void;
  onAgain: () => void;
  /** Ask again, with these packages allowed to be built from their source. */
  onAllow: (packages: ReadonlyArray<string>) => void;
  onRemedy: (remedy: IRemedy) => void;
}

export function PreviewFailed(props: IPreviewFailedProps): React.ReactElement {
  const { error, active, busy } = props;
  const trans = useTranslation();
  const explanation = explanationOf({ error });
  const remedies = remediesOf({ error });
  const needsConsent = consentOf({ error });
  const isUnsolvable = explanation !== null || remedies.length > 0 || needsConsent.length > 0;
  return (
    <>
      <h3>{isUnsolvable ? `${reasonText(error, trans)}.` : trans.__('There is no preview.')}</h3>
      <p className="envstore-muted envstore-unchanged">
        {trans.__('Nothing was changed. Version %1 is still active.', active)}
      </p>
      <Banner look="error" icon={failedIcon} blocks>
        <Sentence text={withoutCommand(explanation?.summary ?? error.message)} />
      </Banner>
      {explanation && <Reasons name={props.name} explanation={explanation} />}
      {explanation && !explanation.minimal && (
        <p className="envstore-help">{trans.__('There was no time to look for all causes.')}</p>
      )}
      {isUnsolvable ? (
        <RemedyList
          remedies={remedies}
          verb={trans.__('Preview with this')}
          editVerb={trans.__('Back to editing')}
          busy={busy}
          needsConsent={needsConsent}
          onAllow={props.onAllow}
          onApply={props.onRemedy}
          onEdit={props.onBack}
        />
      ) : (
        <div className="envstore-row-flex envstore-failedactions">
          <Button look="accept" onClick={props.onAgain}>
            {trans.__('Try again')}
          </Button>
          <Button onClick={props.onBack}>{trans.__('Back to editing')}</Button>
        </div>
      )}
      {explanation && (
        <Fold title={trans.__('Full output')}>
          <pre className="envstore-output" tabIndex={0}>
            {explanation.raw}
          </pre>
        </Fold>
      )}
    </>
  );
}
