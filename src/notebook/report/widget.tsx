/**
 * The side view *Reproducibility* as a widget. It follows the notebook in front, and is cheap to have open: what it
 * shows is made anew by itself only when it is seen, and how a notebook stands to its environment has changed.
 */
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import React from 'react';

import { reportIcon } from '../../components/icons';
import { TranslationProvider } from '../../components/translation';
import type { IEnvStoreReports, INotebookReporting } from '../../tokens';
import { ReportView, type IReportActions } from './view';

export interface IReportWidgetOptions {
  readonly tracker: INotebookTracker;
  readonly reports: IEnvStoreReports;
  readonly actions: Omit<IReportActions, 'close'>;
  readonly trans: TranslationBundle;
}

export class ReportWidget extends ReactWidget {
  constructor(private readonly options: IReportWidgetOptions) {
    super();
    const { tracker, trans } = options;
    this.id = 'jupyter-envstore:report';
    this.title.icon = reportIcon;
    this.title.caption = trans.__('Reproducibility');
    this.addClass('envstore');
    this.addClass('envstore-reportpanel');
    this.node.tabIndex = -1;
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Reproducibility'));
    tracker.currentChanged.connect(this.follow, this);
    this.follow();
  }

  override dispose(): void {
    this.options.tracker.currentChanged.disconnect(this.follow, this);
    this._reporting?.changed.disconnect(this.look, this);
    super.dispose();
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this.look();
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this.look();
  }

  protected override onActivateRequest(msg: Message): void {
    super.onActivateRequest(msg);
    if (!this.node.contains(document.activeElement)) {
      this.node.focus();
    }
  }

  /** A closed view is gone: the next one is made anew. */
  protected override onCloseRequest(msg: Message): void {
    super.onCloseRequest(msg);
    this.dispose();
  }

  protected override render(): React.ReactElement {
    const { actions, trans } = this.options;
    return (
      <TranslationProvider trans={trans}>
        <ReportView reporting={this._reporting} actions={{ ...actions, close: () => this.close() }} />
      </TranslationProvider>
    );
  }

  private follow(): void {
    const { tracker, reports } = this.options;
    const panel = tracker.currentWidget;
    const reporting = panel && reports.reporting(panel);
    if (reporting !== this._reporting) {
      this._reporting?.changed.disconnect(this.look, this);
      this._reporting = reporting;
      this._reporting?.changed.connect(this.look, this);
      this.update();
    }
    this.look();
  }

  /** Make a report where there is none, or what was found out about the environment may not be so any more. */
  private look(): void {
    const reporting = this._reporting;
    if (!reporting || !this.isVisible || reporting.isChecking || reporting.error) {
      return;
    }
    const { report, since, options } = reporting;
    // What takes long is done only when a person asks for it.
    const isQuick = !options.verify && !options.fetch;
    if (!report || (since === 'standing' && isQuick)) {
      void reporting.check();
    }
  }

  private _reporting: INotebookReporting | null = null;
}
