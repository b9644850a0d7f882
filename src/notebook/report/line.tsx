/**
 * The line of the panel that says how the report on the notebook in front came out, once one was made.
 */
import type { INotebookTracker } from '@jupyterlab/notebook';
import React from 'react';

import { LinkButton } from '../../components/buttons';
import { doneIcon, failedIcon, warningIcon } from '../../components/icons';
import { useTranslation } from '../../components/translation';
import { useSignal } from '../../components/use-model';
import type { IEnvStoreReports, INotebookReporting } from '../../tokens';
import { countOf } from './summary';

interface IReportLineProps {
  tracker: INotebookTracker;
  reports: IEnvStoreReports;
  /** Show the report. */
  onOpen: () => void;
}

export function ReportLine({ tracker, reports, onOpen }: IReportLineProps): React.ReactElement | null {
  useSignal(tracker.currentChanged);
  const panel = tracker.currentWidget;
  return panel && <Line reporting={reports.reporting(panel)} onOpen={onOpen} />;
}

function Line(props: { reporting: INotebookReporting; onOpen: () => void }): React.ReactElement | null {
  const { reporting, onOpen } = props;
  const trans = useTranslation();
  useSignal(reporting.changed);
  const { report } = reporting;
  if (!report) {
    return null;
  }
  const open = report.failed + report.look;
  const [Icon, colour] =
    report.failed > 0 ? [failedIcon, 'error'] : open > 0 ? [warningIcon, 'warn'] : [doneIcon, 'ok'];
  return (
    <div className="envstore-fact">
      <Icon.react className={`envstore-icon envstore-icon-${colour}`} tag="span" />
      <LinkButton onClick={onOpen}>
        {open > 0
          ? trans._n('%2 of %1 check to look at', '%2 of %1 checks to look at', countOf(report), open)
          : trans._n('%1 check passes', 'All %1 checks pass', countOf(report))}
      </LinkButton>
    </div>
  );
}
