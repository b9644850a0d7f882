/**
 * The tab of an environment as a widget of the main area.
 */
import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import React from 'react';

import type { IPreviewRequest } from '../api/types';
import { tabId } from '../commands/notifications';
import { environmentsIcon } from '../components/icons';
import { TranslationProvider } from '../components/translation';
import { addToDraft } from './add-to-draft';
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
    this.node.tabIndex = -1;
    this.title.icon = environmentsIcon;
    this.title.closable = true;
    this.draft = context.drafts.of(place);
    this.draft.changed.connect(this.showDirty, this);
    this.showDirty();
    place.changed.connect(this.showName, this);
    this.showName();
  }

  override dispose(): void {
    this.place.changed.disconnect(this.showName, this);
    this.draft.changed.disconnect(this.showDirty, this);
    super.dispose();
  }

  /** Show what would change if packages were updated; none named: all of them. */
  previewUpdate(update: ReadonlyArray<string>): void {
    this.preview({ update });
  }

  /** Show what would change if it were locked for these platforms too. */
  previewPlatforms(platforms: ReadonlyArray<string>): void {
    this.preview({ platforms });
  }

  /**
   * Add packages to what is being edited, and show what that would change.
   *
   * @returns Those that are asked for already.
   */
  async previewAdding(
    add: ReadonlyArray<string>,
    addPip: ReadonlyArray<string>
  ): Promise<ReadonlyArray<string>> {
    const { namespace, name } = this.place;
    const { draft, repeated } = await addToDraft(this.context, this.place, add, addPip, this.trans);
    if (draft.isDirty) {
      const { base: parent, text: specification } = draft;
      const request = { environment: `${namespace}/${name}`, parent, specification };
      draft.show(new PreviewRun(this.context.model, request));
    }
    return repeated;
  }

  /** A closed tab is gone: the next one is made anew, with what the draft kept. */
  protected override onCloseRequest(msg: Message): void {
    super.onCloseRequest(msg);
    this.dispose();
  }

  protected override onActivateRequest(msg: Message): void {
    super.onActivateRequest(msg);
    // What has the focus already, such as a preview that was just asked for, keeps it.
    if (this.node.contains(document.activeElement)) {
      return;
    }
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

  private showName(): void {
    const { namespace, name } = this.place;
    this.id = tabId(this.place);
    this.title.label = name;
    this.title.caption = this.trans.__('Environment %1', `${namespace}/${name}`);
  }

  private preview(request: Partial<IPreviewRequest>): void {
    const { namespace, name } = this.place;
    const { model } = this.context;
    // What is being edited may start from an older version, and stays as it is.
    const parent = model.environment(namespace, name)?.active_version ?? null;
    this.draft.show(new PreviewRun(model, { environment: `${namespace}/${name}`, parent, ...request }));
  }

  /** Mark the tab in the manner of a document that is not saved. */
  private showDirty(): void {
    this.title.className = this.draft.isDirty ? 'jp-mod-dirty' : '';
  }

  private readonly draft: Draft;
}
