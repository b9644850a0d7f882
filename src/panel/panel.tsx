/**
 * The sidebar panel "Environments": a toolbar and, below it, what the server says.
 */
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, refreshIcon, SidePanel, UseSignal } from '@jupyterlab/ui-components';
import { Panel } from '@lumino/widgets';
import React from 'react';

import type { ServerStatus } from '../model/status';
import { environmentsIcon } from './icons';
import { ServerFailed } from './server-failed';
import { StoreReady } from './store-ready';

/**
 * The panel in the left sidebar.
 */
export class EnvironmentsPanel extends SidePanel {
  constructor(status: ServerStatus, translator: ITranslator = nullTranslator) {
    super({ content: new Panel(), translator });
    const trans = translator.load('jupyter_envstore');
    this.id = 'jupyter-envstore:environments';
    this.title.icon = environmentsIcon;
    this.title.caption = trans.__('Environments');
    this.addClass('envstore-sidepanel');
    this.addWidget(new EnvironmentsView(status, trans));
  }
}

class EnvironmentsView extends ReactWidget {
  constructor(
    private readonly status: ServerStatus,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('envstore');
    this.addClass('envstore-panel');
  }

  protected override render(): React.ReactElement {
    return (
      <>
        <PanelToolbar trans={this.trans} onRefresh={() => void this.status.refresh()} />
        <UseSignal signal={this.status.changed}>{() => this.renderState()}</UseSignal>
      </>
    );
  }

  private renderState(): React.ReactElement {
    const state = this.status.state;
    switch (state.kind) {
      case 'asking':
        return (
          <p className="envstore-wait envstore-muted" role="status">
            {this.trans.__('Asking the server')}
          </p>
        );
      case 'answered':
        return <StoreReady status={state.status} trans={this.trans} />;
      case 'failed':
        return (
          <ServerFailed error={state.error} trans={this.trans} onRetry={() => void this.status.refresh()} />
        );
    }
  }
}

function PanelToolbar(props: { trans: TranslationBundle; onRefresh: () => void }): React.ReactElement {
  const { trans, onRefresh } = props;
  return (
    <div className="envstore-panel-toolbar" role="toolbar" aria-label={trans.__('Environments')}>
      <h2>{trans.__('Environments')}</h2>
      <span className="envstore-spacer" />
      <button
        className="envstore-iconbutton"
        type="button"
        title={trans.__('Refresh')}
        aria-label={trans.__('Refresh')}
        onClick={onRefresh}
      >
        <refreshIcon.react className="envstore-icon" tag="span" />
      </button>
    </div>
  );
}
