/**
 * The sidebar panel "Environments", as a widget.
 */
import type { ITranslator } from '@jupyterlab/translation';
import { ReactWidget, SidePanel } from '@jupyterlab/ui-components';
import { Panel } from '@lumino/widgets';
import React from 'react';

import { environmentsIcon } from '../components/icons';
import { DOMAIN, TranslationProvider } from '../components/translation';
import type { CurrentNotebook } from '../model/current-notebook';
import type { IEnvStoreModel } from '../tokens';
import { ActionsProvider, type IActions } from './actions';
import { Disk } from './disk';
import type { PanelState } from './panel-state';
import { ThisNotebook } from './this-notebook';
import type { DiskUsage } from './usage';
import { PanelView } from './view';

export interface IPanelOptions {
  readonly model: IEnvStoreModel;
  readonly state: PanelState;
  readonly actions: IActions;
  /** Null where there are no notebooks. */
  readonly notebook: CurrentNotebook | null;
  /** How the report on that notebook came out. */
  readonly report: React.ReactNode;
  readonly usage: DiskUsage;
  readonly translator: ITranslator;
}

/**
 * The panel in the left sidebar.
 */
export class EnvironmentsPanel extends SidePanel {
  constructor(options: IPanelOptions) {
    super({ content: new Panel(), translator: options.translator });
    const trans = options.translator.load(DOMAIN);
    this.id = 'jupyter-envstore:environments';
    this.title.icon = environmentsIcon;
    this.title.caption = trans.__('Environments');
    this.addClass('envstore-sidepanel');
    this.addWidget(new EnvironmentsView(options));
  }
}

class EnvironmentsView extends ReactWidget {
  constructor(private readonly options: IPanelOptions) {
    super();
    this.addClass('envstore');
    this.addClass('envstore-panel');
  }

  protected override render(): React.ReactElement {
    const { model, state, actions, notebook, report, usage, translator } = this.options;
    return (
      <TranslationProvider trans={translator.load(DOMAIN)}>
        <ActionsProvider actions={actions}>
          <PanelView
            model={model}
            state={state}
            foot={
              <>
                {notebook && <ThisNotebook notebook={notebook} reported={report} />}
                <Disk usage={usage} />
              </>
            }
          />
        </ActionsProvider>
      </TranslationProvider>
    );
  }
}
