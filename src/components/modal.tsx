/**
 * A modal window in the look of the host's own, for what its dialogs cannot hold. It keeps the focus inside and gives it
 * back when it closes.
 */
import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import React from 'react';

import { TranslationProvider } from './translation';

const FOCUSABLE = 'button, input, select, textarea, summary, [tabindex], [contenteditable=true]';

/** How a modal window is called by screen readers. */
export interface IModalOptions {
  readonly trans: TranslationBundle;
  /** Id of its title. */
  readonly labelledBy: string;
  /** Id of what explains it. */
  readonly describedBy?: string;
}

/**
 * @typeparam T - What the person decided.
 */
export abstract class Modal<T> extends ReactWidget {
  constructor(private readonly options: IModalOptions) {
    super();
    this.addClass('jp-Dialog');
    this.addClass('jp-ThemedContainer');
    this.addClass('envstore-dialog');
    this.ended = new Promise(resolve => {
      this._settle = resolve;
    });
  }

  /** What it led to. */
  readonly ended: Promise<T>;

  /** Show it. */
  open(): void {
    this._focusedBefore = document.activeElement;
    Widget.attach(this, document.body);
  }

  /** Leave it without deciding anything, as Escape does. */
  abstract leave(): Promise<void>;

  /** What is in it. */
  protected abstract content(): React.ReactElement;

  /** Close it with what was decided. */
  protected end(decided: T): void {
    this._settle(decided);
    this.dispose();
    if (this._focusedBefore instanceof HTMLElement) {
      this._focusedBefore.focus();
    }
  }

  /** Take a file that is dropped on it. */
  protected take?(file: File): Promise<void>;

  protected override render(): React.ReactElement {
    return (
      <TranslationProvider trans={this.options.trans}>
        <div
          className="jp-Dialog-content envstore"
          role="dialog"
          aria-modal="true"
          aria-labelledby={this.options.labelledBy}
          aria-describedby={this.options.describedBy}
          tabIndex={-1}
          onKeyDown={event => this.onKeyDown(event)}
          onDragOver={event => {
            if (this.take && event.dataTransfer.types.includes('Files')) {
              event.preventDefault();
            }
          }}
          // Before an editor sees it, which would insert the file's text where it was dropped.
          onDropCapture={event => {
            const file = event.dataTransfer.files.item(0);
            if (this.take && file) {
              event.preventDefault();
              event.stopPropagation();
              void this.take(file);
            }
          }}
        >
          {this.content()}
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

  private readonly _leaveOutside = (event: MouseEvent): void => {
    if (event.target === this.node) {
      event.preventDefault();
      void this.leave();
    }
  };

  private _settle!: (decided: T) => void;
  private _focusedBefore: Element | null = null;
}
