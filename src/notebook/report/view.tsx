/**
 * The side view *Reproducibility*: the report on the notebook in front.
 */
import { closeIcon, notebookIcon, refreshIcon, runIcon } from '@jupyterlab/ui-components';
import React from 'react';

import type { INotebookCheck, INotebookPlace, INotebookReport } from '../../api/types';
import { Button, IconButton, LinkButton } from '../../components/buttons';
import { Banner, Empty } from '../../components/empty';
import { failedIcon } from '../../components/icons';
import { useTranslation } from '../../components/translation';
import { useSignal } from '../../components/use-model';
import type { INotebookReporting, IReportOptions } from '../../tokens';
import { ReportCheck } from './check';
import { ReportSummary } from './summary';
import { ReportUndone } from './undone';

/** What can be done from the view. */
export interface IReportActions {
  close(): void;
  repair(reporting: INotebookReporting, check: INotebookCheck, place?: INotebookPlace): void;
  /** Run the notebook from the beginning. */
  run(reporting: INotebookReporting): void;
  save(reporting: INotebookReporting): void;
}

interface IReportViewProps {
  /** Null where there is no notebook. */
  reporting: INotebookReporting | null;
  actions: IReportActions;
}

export function ReportView({ reporting, actions }: IReportViewProps): React.ReactElement {
  const trans = useTranslation();
  return (
    <>
      <div className="envstore-panel-toolbar" role="toolbar" aria-label={trans.__('Reproducibility')}>
        <h2>{trans.__('Reproducibility')}</h2>
        <span className="envstore-spacer" />
        <IconButton
          icon={refreshIcon}
          label={trans.__('Check again')}
          disabled={!reporting}
          onClick={() => void reporting?.check()}
        />
        <IconButton icon={closeIcon} label={trans.__('Close')} onClick={() => actions.close()} />
      </div>
      {reporting ? (
        <Reported reporting={reporting} actions={actions} />
      ) : (
        <Empty icon={notebookIcon} title={trans.__('No notebook is open')}>
          <p className="envstore-muted">
            {trans.__('Open one to see what stands between it and the same results elsewhere.')}
          </p>
        </Empty>
      )}
    </>
  );
}

interface IReportedProps {
  reporting: INotebookReporting;
  actions: IReportActions;
}

function Reported({ reporting, actions }: IReportedProps): React.ReactElement {
  const trans = useTranslation();
  useSignal(reporting.changed);
  const { report, isChecking } = reporting;
  return (
    <>
      <Remarks reporting={reporting} />
      {report ? (
        <>
          <ReportSummary report={report} />
          <div className="envstore-panel-list envstore-report" aria-busy={isChecking}>
            <Checks
              report={report}
              onRepair={(check, place) => actions.repair(reporting, check, place)}
              onCheck={options => void reporting.check(options)}
            />
          </div>
        </>
      ) : (
        <div className="envstore-panel-list">
          {isChecking && (
            <p className="envstore-wait envstore-muted envstore-report-wait" role="status">
              {trans.__('Checking')}
            </p>
          )}
        </div>
      )}
      <div className="envstore-panel-foot envstore-report-foot">
        <Button icon={runIcon} onClick={() => actions.run(reporting)}>
          {trans.__('Run in a fresh kernel')}
        </Button>
        <span className="envstore-spacer" />
        <Button look="minimal" disabled={!report} onClick={() => actions.save(reporting)}>
          {trans.__('Save report')}
        </Button>
      </div>
    </>
  );
}

/** Why what stands below may not be so any more. */
function Remarks({ reporting }: { reporting: INotebookReporting }): React.ReactElement | null {
  const trans = useTranslation();
  const { error, report, since, isChecking } = reporting;
  const again = <LinkButton onClick={() => void reporting.check()}>{trans.__('Check again')}</LinkButton>;
  if (error) {
    const message =
      error.code === 'server_away'
        ? trans.__('The server does not answer.')
        : error.code === 'notebook_too_large'
          ? trans.__('The notebook is too large to be sent as it is. Save it, and its file is checked.')
          : error.message;
    return (
      <Banner look="error" icon={failedIcon} blocks>
        {message} {again}
      </Banner>
    );
  }
  return report && since && !isChecking ? (
    <Banner look="info">
      {since === 'standing'
        ? trans.__('What the notebook runs on or carries may have changed since.')
        : trans.__('The notebook has changed since.')}{' '}
      {again}
    </Banner>
  ) : null;
}

interface IChecksProps {
  report: INotebookReport;
  onRepair: (check: INotebookCheck, place?: INotebookPlace) => void;
  onCheck: (options: IReportOptions) => void;
}

function Checks({ report, onRepair, onCheck }: IChecksProps): React.ReactElement {
  const trans = useTranslation();
  const open = report.checks.filter(({ grade }) => grade !== 'pass');
  const passed = report.checks.filter(({ grade }) => grade === 'pass');
  const list = (title: string, checks: ReadonlyArray<INotebookCheck>): React.ReactElement | null =>
    checks.length > 0 ? (
      <section aria-label={title}>
        <h3 className="envstore-report-title">{title}</h3>
        <ul>
          {checks.map(check => (
            <ReportCheck key={check.code} check={check} onRepair={place => onRepair(check, place)} />
          ))}
        </ul>
      </section>
    ) : null;
  return (
    <>
      {list(trans.__('To fix, %1', open.length), open)}
      {list(trans.__('Passed, %1', passed.length), passed)}
      {report.undone.length > 0 && <ReportUndone undone={report.undone} onCheck={onCheck} />}
    </>
  );
}
