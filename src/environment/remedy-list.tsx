/**
 * What a person can do where no versions fit together, each as a button.
 */
import React from 'react';

import { Button } from '../components/buttons';
import { ideaIcon } from '../components/icons';
import { useTranslation } from '../components/translation';
import { Consent } from './consent-line';
import type { IRemedy } from './remedies';

interface IRemedyListProps {
  remedies: ReadonlyArray<IRemedy>;
  /** What the buttons do: "Build with this". */
  verb: string;
  editVerb: string;
  busy: boolean;
  /** Packages whose own code would have to run; none where that is not what is in the way. */
  needsConsent: ReadonlyArray<string>;
  onAllow: (packages: ReadonlyArray<string>) => void;
  onApply: (remedy: IRemedy) => void;
  onEdit: () => void;
}

export function RemedyList(props: IRemedyListProps): React.ReactElement {
  const { remedies, verb, busy } = props;
  const trans = useTranslation();
  return (
    <>
      <div className="envstore-subhead">
        <h3>{trans.__('What you can do')}</h3>
      </div>
      <ul>
        {props.needsConsent.length > 0 && (
          <Consent packages={props.needsConsent} busy={busy} onAllow={props.onAllow} />
        )}
        {remedies.map((remedy, index) => (
          <li key={index} className="envstore-suggestion">
            <ideaIcon.react className="envstore-icon" tag="span" />
            <span>{remedy.title || trans.__('Ask for another package')}</span>
            <span className="envstore-muted envstore-mono envstore-clip" title={remedy.entries.join(', ')}>
              {remedy.entries.join(', ')}
            </span>
            <span className="envstore-spacer" />
            <Button
              look={index === 0 && props.needsConsent.length === 0 ? 'accept' : 'plain'}
              disabled={busy}
              aria-label={`${verb}: ${[remedy.title, ...remedy.entries].join(' ').trim()}`}
              onClick={() => props.onApply(remedy)}
            >
              {verb}
            </Button>
          </li>
        ))}
        <li className="envstore-suggestion">
          <ideaIcon.react className="envstore-icon" tag="span" />
          <span>{trans.__('Change what is asked for')}</span>
          <span className="envstore-spacer" />
          <Button disabled={busy} onClick={props.onEdit}>
            {props.editVerb}
          </Button>
        </li>
      </ul>
    </>
  );
}
