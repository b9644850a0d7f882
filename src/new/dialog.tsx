/**
 * The dialog for a new environment: a modal window in the look of the host's own. It keeps the focus inside, gives it
 * back when it closes, and asks before typed content is lost.
 */
import { Dialog, showDialog } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import React from 'react';

import type { IBuild } from '../api/types';
import { TranslationProvider } from '../components/translation';
import type { NewDraft } from './draft';
import { readTextFile } from './files';
import { NewView, type INewContext } from './view';

const TITLE = 'envstore-new-title';
const FOCUSABLE = 'button, input, select, textarea, [tabindex], [contenteditable=true]';

export class NewEnvironmentDialog extends ReactWidget {
  constructor(
    private readonly context: INewContext,
    private readonly draft: NewDraft
  ) {
    super();
    this.addClass('jp-Dialog');
    this.addClass('jp-ThemedContainer');
    this.addClass('envstore-dialog');
    this.built = new Promise(resolve => {
      this._settle = resolve;
    });
  }

  /** The build that creating led to; null when the dialog was left. */
  readonly built: Promise<IBuild | null>;

  /** Show the dialog. */
  open(): void {
    this._focusedBefore = document.activeElement;
    Widget.attach(this, document.body);
  }

  /** Leave the dialog, after asking where something was typed. */
  async leave(): Promise<void> {
    if (!this._asking && (!this.draft.isTyped || (await this.isGivenUp()))) {
      this.end(null);
    }
  }

  protected override render(): React.ReactElement {
    return (
      <TranslationProvider trans={this.context.trans}>
        <div
          className="jp-Dialog-content envstore"
          role="dialog"
          aria-modal="true"
          aria-labelledby={TITLE}
          tabIndex={-1}
          onKeyDown={event => this.onKeyDown(event)}
          onDragOver={event => {
            if (event.dataTransfer.types.includes('Files')) {
              event.preventDefault();
            }
          }}
          // Before the editor sees it, which would insert the file's text where it was dropped.
          onDropCapture={event => {
            const file = event.dataTransfer.files.item(0);
            if (file) {
              event.preventDefault();
              event.stopPropagation();
              void this.take(file);
            }
          }}
        >
          <NewView
            {...this.context}
            draft={this.draft}
            titleId={TITLE}
            onFile={file => void this.take(file)}
            onCancel={() => void this.leave()}
            onCreated={build => this.end(build)}
          />
        </div>
      </TranslationProvider>
    );
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this.node.addEventListener('mousedown', this._leaveOutside);
  }

  protected override onBeforeDetach(msg: Message): void {
    this.node.removeEventListener('mousedown', this._leaveOutside);
    super.onBeforeDetach(msg);
  }

  private onKeyDown(event: React.KeyboardEvent): void {
    if (event.key === 'Escape' && !event.defaultPrevented) {
      event.preventDefault();
      void this.leave();
    } else if (event.key === 'Tab') {
      this.keepFocusInside(event);
    }
    // Shortcuts of the host are meant for what lies below.
    event.stopPropagation();
  }

  private keepFocusInside(event: React.KeyboardEvent): void {
    const all = Array.from(event.currentTarget.querySelectorAll<HTMLElement>(FOCUSABLE)).filter(
      node => node.tabIndex >= 0 && !node.matches(':disabled') && node.offsetParent !== null
    );
    const [first, last] = [all[0], all.at(-1)];
    if (!event.defaultPrevented && document.activeElement === (event.shiftKey ? first : last)) {
      event.preventDefault();
      (event.shiftKey ? last : first)?.focus();
    }
  }

  private async take(file: File): Promise<void> {
    const { trans } = this.context;
    try {
      this.draft.load(await readTextFile(file, trans), file.name);
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

  private end(build: IBuild | null): void {
    this._settle(build);
    this.dispose();
    if (this._focusedBefore instanceof HTMLElement) {
      this._focusedBefore.focus();
    }
  }

  private readonly _leaveOutside = (event: MouseEvent): void => {
    if (event.target === this.node) {
      event.preventDefault();
      void this.leave();
    }
  };

  private _settle!: (build: IBuild | null) => void;
  private _focusedBefore: Element | null = null;
  private _asking = false;
}
