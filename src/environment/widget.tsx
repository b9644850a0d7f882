/**
 * The tab of an environment as a widget of the main area.
 */
import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import React from 'react';

import { tabId } from '../commands/notifications';
import { environmentsIcon } from '../components/icons';
import { TranslationProvider } from '../components/translation';
import { EnvironmentContext, type IEnvironmentContext } from './context';
import type { Draft } from './draft';
import type { Place } from './place';
import { PreviewRun } from './preview-run';
import { EnvironmentView } from './view';

export class EnvironmentWidget extends ReactWidget {
  constructor(
    readonly place: Place,
    private readonly context: IEnvironmentContext,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('envstore');
    this.addClass('envstore-environment');
    this.id = tabId(place);
    this.node.tabIndex = -1;
    this.title.label = place.name;
    this.title.caption = trans.__('Environment %1', `${place.namespace}/${place.name}`);
    this.title.icon = environmentsIcon;
    this.title.closable = true;
    this.draft = context.drafts.of(place);
    this.draft.changed.connect(this.showDirty, this);
    this.showDirty();
  }

  override dispose(): void {
    this.draft.changed.disconnect(this.showDirty, this);
    super.dispose();
  }

  /** Show what would change if packages were updated; none named: all of them. */
  previewUpdate(update: ReadonlyArray<string>): void {
    const environment = `${this.place.namespace}/${this.place.name}`;
    this.draft.show(new PreviewRun(this.context.model, { environment, parent: this.draft.base, update }));
  }

  /** A closed tab is gone: the next one is made anew, with what the draft kept. */
  protected override onCloseRequest(msg: Message): void {
    super.onCloseRequest(msg);
    this.dispose();
  }

  protected override onActivateRequest(msg: Message): void {
    super.onActivateRequest(msg);
    // Without the focus the host would go on to take another tab for the current one.
    const tab = this.node.querySelector<HTMLElement>('[role=tab][aria-selected=true]');
    (tab ?? this.node).focus();
  }

  protected override render(): React.ReactElement {
    return (
      <TranslationProvider trans={this.trans}>
        <EnvironmentContext.Provider value={this.context}>
          <EnvironmentView place={this.place} />
        </EnvironmentContext.Provider>
      </TranslationProvider>
    );
  }

  /** Mark the tab in the manner of a document that is not saved. */
  private showDirty(): void {
    this.title.className = this.draft.isDirty ? 'jp-mod-dirty' : '';
  }

  private readonly draft: Draft;
}
