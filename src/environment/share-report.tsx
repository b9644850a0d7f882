/**
 * Platforms that a version does not cover: what is missing there, what helps, and which could be added as they are.
 */
import React from 'react';

import type { IPlatformReport, IWorkaround } from '../api/types';
import { Button } from '../components/buttons';
import { formatBytes } from '../components/formatting';
import { doneIcon, ideaIcon, warningIcon } from '../components/icons';
import { Sentence } from '../components/sentence';
import { useTranslation } from '../components/translation';
import { hindranceText, missingText } from './platform-words';

interface IShareReportProps {
  reports: ReadonlyArray<IPlatformReport>;
  /** Whether a check goes on. */
  busy: boolean;
  /** See what covering another platform would change. */
  onAdd: (platform: string) => void;
  /** See what a way to a platform would change. */
  onTake: (platform: string, way: IWorkaround) => void;
  onCheck: (platform: string) => void;
}

export function ShareReport(props: IShareReportProps): React.ReactElement | null {
  const reports = props.reports.filter(({ standing }) => standing === 'solvable' || standing === 'unsolved');
  return (
    <>
      {reports.map(report => (
        <section key={report.platform} className="envstore-platform" aria-label={report.platform}>
          {report.standing === 'solvable' ? (
            <Solvable {...props} report={report} />
          ) : (
            <Unsolved {...props} report={report} />
          )}
        </section>
      ))}
    </>
  );
}

interface IPartProps extends IShareReportProps {
  report: IPlatformReport;
}

function Solvable({ report, onAdd }: IPartProps): React.ReactElement {
  const trans = useTranslation();
  const { platform, package_count: count, download, unknown_sizes: unknown, differences } = report;
  const size = unknown > 0 ? trans.__('at least %1', formatBytes(download)) : formatBytes(download);
  const other = differences.filter(({ direct }) => direct);
  return (
    <div className="envstore-suggestion">
      <doneIcon.react className="envstore-icon envstore-icon-ok" tag="span" />
      <b>{platform}</b>
      <span className="envstore-muted envstore-clip">
        {trans._n('%1 package fits', '%1 packages fit', count)}
        {', '}
        {trans.__('%1 to download', size)}
        {other.length > 0 && (
          <span title={other.map(({ name, here, there }) => `${name} ${here} → ${there}`).join(', ')}>
            {', '}
            {trans._n('%1 in another version', '%1 in other versions', other.length)}
          </span>
        )}
      </span>
      <span className="envstore-spacer" />
      <Button
        aria-label={trans.__('Add %1 to this environment', platform)}
        title={trans.__('See what a version that covers it would change')}
        onClick={() => onAdd(platform)}
      >
        {trans.__('Add to this environment')}
      </Button>
    </div>
  );
}

function Unsolved({ report, reports, busy, onTake, onCheck }: IPartProps): React.ReactElement {
  const trans = useTranslation();
  const { platform, explanation, workarounds } = report;
  const missing = explanation?.missing ?? [];
  return (
    <>
      <div className="envstore-row-flex envstore-platform-head">
        <warningIcon.react className="envstore-icon envstore-icon-warn" tag="span" />
        <h3>{platform}</h3>
        <span className="envstore-muted">{hindranceText(report, trans)}</span>
      </div>
      {explanation && missing.length === 0 && (
        <p className="envstore-platform-text">
          <Sentence text={explanation.summary} />
        </p>
      )}
      {missing.length > 0 && (
        <ul className="envstore-platform-text" aria-label={trans.__('Missing on %1', platform)}>
          {missing.map(one => (
            <li key={one.entry}>
              <span className="envstore-mono">{one.entry}</span>{' '}
              <span className="envstore-muted">
                {missingText(one, trans)}
                {one.elsewhere.length > 0 && `; ${trans.__('there for %1', one.elsewhere.join(', '))}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      {workarounds === null ? (
        <div className="envstore-platform-text">
          <Button disabled={busy} onClick={() => onCheck(platform)}>
            {trans.__('Look for a way')}
          </Button>
        </div>
      ) : workarounds.length === 0 ? (
        <p className="envstore-platform-text envstore-muted">{trans.__('No way was found.')}</p>
      ) : (
        <ul aria-label={trans.__('Ways to %1', platform)}>
          {workarounds.map((way, index) => (
            <Way
              key={index}
              way={way}
              isThere={reports.some(one => one.platform === way.platform && one.standing === 'covered')}
              onTake={() => onTake(platform, way)}
            />
          ))}
        </ul>
      )}
    </>
  );
}

interface IWayProps {
  way: IWorkaround;
  /** Whether nothing has to be done for it: the other platform is covered. */
  isThere: boolean;
  onTake: () => void;
}

function Way({ way, isThere, onTake }: IWayProps): React.ReactElement {
  const trans = useTranslation();
  const lines = way.edits.flatMap(edit => edit.added.map(line => line.trim().replace(/^-\s+/, '')));
  return (
    <li className="envstore-suggestion">
      <ideaIcon.react className="envstore-icon" tag="span" />
      <span>
        <Sentence text={way.title} />
      </span>
      <span className="envstore-muted envstore-mono envstore-clip" title={lines.join('\n')}>
        {lines.join(', ')}
      </span>
      <span className="envstore-spacer" />
      {isThere ? (
        <span className="envstore-muted">{trans.__('%1 is covered', way.platform!)}</span>
      ) : (
        <Button aria-label={trans.__('Preview with this: %1', way.title)} onClick={onTake}>
          {trans.__('Preview with this')}
        </Button>
      )}
    </li>
  );
}
