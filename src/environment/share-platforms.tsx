/**
 * The platforms of a version, a chip each, and the choice of further ones to be checked.
 */
import { checkIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useRef, useState } from 'react';

import type { IPlatformReport } from '../api/types';
import { Button, LinkButton } from '../components/buttons';
import { formatDuration } from '../components/formatting';
import { warningIcon } from '../components/icons';
import { useTranslation } from '../components/translation';
import { useNow } from '../components/use-model';
import type { IChecking, ICoverage } from './coverage';
import { standingText } from './platform-words';

interface ISharePlatformsProps {
  coverage: ICoverage;
  /** Platforms that can be locked for. */
  offered: ReadonlyArray<string>;
}

const LOOKS = { covered: 'jp-mod-active', unsolved: 'jp-mod-warn', solvable: '', unchecked: '' } as const;

export function SharePlatforms(props: ISharePlatformsProps): React.ReactElement {
  const { coverage, offered } = props;
  const trans = useTranslation();
  const [isChoosing, setChoosing] = useState(false);
  const link = useRef<HTMLSpanElement>(null);
  const reports = coverage.overview?.platforms ?? [];
  const close = (): void => {
    setChoosing(false);
    setTimeout(() => link.current?.querySelector('button')?.focus());
  };
  return (
    <>
      <div className="envstore-bar envstore-share-line">
        <span id="envstore-share-platforms">{trans.__('Platforms')}</span>
        <ul className="envstore-chips" aria-labelledby="envstore-share-platforms">
          {reports.map(report => (
            <li key={report.platform}>
              <Chip report={report} />
            </li>
          ))}
        </ul>
        <span className="envstore-spacer" />
        {!isChoosing && !coverage.checking && (
          <span ref={link}>
            <LinkButton disabled={reports.length === 0} onClick={() => setChoosing(true)}>
              {trans.__('Check other platforms')}
            </LinkButton>
          </span>
        )}
      </div>
      {isChoosing && (
        <Choice
          reports={reports}
          offered={offered}
          onCheck={platforms => {
            setChoosing(false);
            coverage.check(platforms);
          }}
          onLeave={close}
        />
      )}
      {coverage.checking && <Progress checking={coverage.checking} onCancel={coverage.cancel} />}
      <p className="envstore-sr" role="status">
        {resultText(coverage, trans)}
      </p>
    </>
  );
}

function Chip({ report }: { report: IPlatformReport }): React.ReactElement {
  const trans = useTranslation();
  const { standing } = report;
  const Icon = { covered: checkIcon, unsolved: warningIcon, solvable: null, unchecked: null }[standing];
  return (
    <span className={`envstore-chip ${LOOKS[standing]}`} title={report.explanation?.summary}>
      {Icon && <Icon.react className="envstore-icon" tag="span" />}
      {standingText(report, trans)}
    </span>
  );
}

interface IChoiceProps {
  reports: ReadonlyArray<IPlatformReport>;
  offered: ReadonlyArray<string>;
  onCheck: (platforms: ReadonlyArray<string>) => void;
  onLeave: () => void;
}

function Choice(props: IChoiceProps): React.ReactElement {
  const { reports, onCheck, onLeave } = props;
  const trans = useTranslation();
  const covered = new Set(reports.filter(({ standing }) => standing === 'covered').map(one => one.platform));
  const listed = reports.map(report => report.platform);
  const all = [...new Set([...listed, ...props.offered])].filter(platform => !covered.has(platform));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(listed.filter(one => !covered.has(one))));
  const box = useRef<HTMLFieldSetElement>(null);
  useEffect(() => box.current?.querySelector('input')?.focus(), []);
  const toggle = (platform: string, isChosen: boolean): void =>
    setChosen(before => new Set(all.filter(one => (one === platform ? isChosen : before.has(one)))));
  return (
    <fieldset
      ref={box}
      className="envstore-share-choice"
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onLeave();
        }
      }}
    >
      <legend>{trans.__('Find out whether it can be had on')}</legend>
      {all.map(platform => (
        <label key={platform} className="envstore-checkbox">
          <input
            type="checkbox"
            checked={chosen.has(platform)}
            onChange={event => toggle(platform, event.currentTarget.checked)}
          />
          {platform}
        </label>
      ))}
      <span className="envstore-spacer" />
      <Button look="minimal" onClick={onLeave}>
        {trans.__('Close')}
      </Button>
      <Button disabled={chosen.size === 0} onClick={() => onCheck([...chosen])}>
        {trans._n('Check %1 platform', 'Check %1 platforms', chosen.size)}
      </Button>
    </fieldset>
  );
}

function Progress(props: { checking: IChecking; onCancel: () => void }): React.ReactElement {
  const { checking, onCancel } = props;
  const trans = useTranslation();
  const now = useNow(true);
  return (
    <div className="envstore-wait envstore-row-flex envstore-share-progress" role="status">
      <span className="envstore-spinner" aria-hidden="true" />
      <span>{trans.__('Finding versions for %1', checking.platforms.join(', '))}</span>
      <span className="envstore-muted envstore-num" aria-live="off">
        {formatDuration((now - checking.began) / 1000)}
      </span>
      <Button onClick={onCancel}>{trans.__('Cancel')}</Button>
    </div>
  );
}

/** What came of the last check, for those who do not see the chips change. */
function resultText(coverage: ICoverage, trans: TranslationBundle): string {
  const { checked, checking, overview } = coverage;
  if (checking || checked.length === 0 || !overview) {
    return '';
  }
  const told = overview.platforms.filter(({ platform }) => checked.includes(platform));
  return trans.__('Checked: %1', told.map(report => standingText(report, trans)).join('; '));
}
