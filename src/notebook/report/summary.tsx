/**
 * How a report came out: in numbers, and as a bar.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { INotebookReport } from '../../api/types';
import { formatTime } from '../../components/formatting';
import { useTranslation } from '../../components/translation';
import { useNow } from '../../components/use-model';

/** Milliseconds for which something was done just now. */
const JUST_NOW = 60_000;

type Counts = Pick<INotebookReport, 'passed' | 'look' | 'failed'>;

/** How many checks were made. */
export function countOf({ passed, look, failed }: Counts): number {
  return passed + look + failed;
}

/** What is to be done, in a few words: `1 failed, 3 to look at`. */
export function whatIsOpen({ look, failed }: Counts, trans: TranslationBundle): string {
  const parts = [
    ...(failed > 0 ? [trans._n('%1 failed', '%1 failed', failed)] : []),
    ...(look > 0 ? [trans._n('%1 to look at', '%1 to look at', look)] : [])
  ];
  return parts.join(', ') || trans.__('Nothing to fix');
}

export function ReportSummary({ report }: { report: INotebookReport }): React.ReactElement {
  const trans = useTranslation();
  const checked = new Date(report.checked);
  // The server's clock may be another one: what it says is shown, and how long ago that was is told by ours.
  const arrived = React.useMemo(() => Date.now(), [report]);
  const [isFresh, setFresh] = React.useState(true);
  const now = useNow(isFresh);
  const isNew = now - arrived < JUST_NOW;
  React.useEffect(() => setFresh(isNew), [isNew]);
  const when = isNew ? trans.__('Checked just now.') : trans.__('Checked at %1.', formatTime(checked));
  return (
    <div className="envstore-report-head">
      <p className="envstore-report-count">
        {trans._n('%2 of %1 check passes', '%2 of %1 checks pass', countOf(report), report.passed)}
      </p>
      <p className="envstore-muted" role="status">
        {whatIsOpen(report, trans)}. {when}
      </p>
      <div className="envstore-segments" aria-hidden="true">
        {report.checks.map(({ code, grade }) => (
          <span key={code} className={`jp-mod-${grade}`} />
        ))}
      </div>
    </div>
  );
}
