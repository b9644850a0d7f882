/**
 * The dialog that offers to build what a notebook carries. Nothing is built without its button, and leaving it in
 * whatever way is the harmless answer.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { Modal } from '../../components/modal';
import type { IEnvStoreClient, INotebookEnvironment, IRestoration, IVersionName } from '../../tokens';
import { RestoreView, type IBuildChoices, type IOffer } from './view';

/** What the person decided. */
export type Decision =
  | { readonly kind: 'not-now' }
  | { readonly kind: 'choose' }
  /** Nothing had to be asked: the very same files are here. */
  | { readonly kind: 'there'; readonly version: IVersionName }
  | { readonly kind: 'built'; readonly restoration: IRestoration; readonly isRelocked: boolean };

export interface IRestoreDialogOptions {
  readonly offer: IOffer;
  readonly client: Pick<IEnvStoreClient, 'environments'>;
  readonly trans: TranslationBundle;
  /** Ask the channels, those that were allowed too, how large its packages are. */
  readonly measure: (allowed: ReadonlyArray<string>, signal: AbortSignal) => Promise<INotebookEnvironment>;
  /** Have it built. */
  readonly build: (choices: IBuildChoices) => Promise<IRestoration>;
}

const TITLE = 'envstore-restore-title';
const QUESTION = 'envstore-restore-question';

export class RestoreDialog extends Modal<Decision> {
  constructor(private readonly dialog: IRestoreDialogOptions) {
    super({ trans: dialog.trans, labelledBy: TITLE, describedBy: QUESTION });
    this.addClass('envstore-restore-dialog');
  }

  async leave(): Promise<void> {
    if (!this._isSending) {
      this.end({ kind: 'not-now' });
    }
  }

  protected override content(): React.ReactElement {
    const { offer } = this.dialog;
    return (
      <RestoreView
        {...this.dialog}
        build={choices => this.send(choices)}
        titleId={TITLE}
        questionId={QUESTION}
        onBuilt={(restoration, { relock }) => this.end({ kind: 'built', restoration, isRelocked: relock })}
        onNotNow={() => void this.leave()}
        onChoose={offer.occasion.kind === 'create' ? undefined : () => this.end({ kind: 'choose' })}
      />
    );
  }

  /** What was sent may begin a build: until it is answered there is nothing that could be taken back. */
  private async send(choices: IBuildChoices): Promise<IRestoration> {
    this._isSending = true;
    try {
      return await this.dialog.build(choices);
    } finally {
      this._isSending = false;
    }
  }

  private _isSending = false;
}
