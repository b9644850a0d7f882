/**
 * The dialog for a new environment. It asks before typed content is lost.
 */
import { Dialog, showDialog } from '@jupyterlab/apputils';
import React from 'react';

import type { IBuild } from '../api/types';
import { Modal } from '../components/modal';
import type { NewDraft } from './draft';
import { isNotebookName, readTextFile } from './files';
import { NewView, type INewContext } from './view';

const TITLE = 'envstore-new-title';

/** A notebook's file. */
export interface IDroppedNotebook {
  readonly text: string;
  readonly file: string;
}

/** Ends with the build that creating led to; with a notebook that was dropped, which says itself what it carries; else null. */
export class NewEnvironmentDialog extends Modal<IBuild | IDroppedNotebook | null> {
  constructor(
    private readonly context: INewContext,
    private readonly draft: NewDraft
  ) {
    super({ trans: context.trans, labelledBy: TITLE });
  }

  /** Leave the dialog, after asking where something was typed. */
  async leave(): Promise<void> {
    if (!this._asking && (!this.draft.isTyped || (await this.isGivenUp()))) {
      this.end(null);
    }
  }

  protected override content(): React.ReactElement {
    return (
      <NewView
        {...this.context}
        draft={this.draft}
        titleId={TITLE}
        onFile={file => void this.take(file)}
        onCancel={() => void this.leave()}
        onCreated={build => this.end(build)}
      />
    );
  }

  protected override async take(file: File): Promise<void> {
    const { trans } = this.context;
    try {
      const text = await readTextFile(file, trans);
      if (!isNotebookName(file.name)) {
        this.draft.load(text, file.name);
      } else if (!this.draft.isTyped || (await this.isGivenUp())) {
        this.end({ text, file: file.name });
      }
    } catch (error) {
      await showDialog({
        title: trans.__('%1 cannot be used', file.name),
        body: (error as Error).message,
        buttons: [Dialog.okButton({ label: trans.__('Close') })]
      });
    }
  }

  private async isGivenUp(): Promise<boolean> {
    const { trans } = this.context;
    this._asking = true;
    const focused = document.activeElement;
    const { button } = await showDialog({
      title: trans.__('Discard the new environment?'),
      body: trans.__('What you have entered is not kept.'),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Keep editing') }),
        Dialog.warnButton({ label: trans.__('Discard') })
      ],
      defaultButton: 0
    });
    this._asking = false;
    if (!button.accept && focused instanceof HTMLElement) {
      focused.focus();
    }
    return button.accept;
  }

  private _asking = false;
}
