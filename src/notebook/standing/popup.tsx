/**
 * What opens below the toolbar item. It stands in the window and not in the toolbar, which would cut it.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';
import React from 'react';

import { TranslationProvider } from '../../components/translation';
import type { INotebookStanding } from '../../tokens';
import type { IStandingAction } from './actions';
import { StandingCard, type ICardActions } from './card';

/** Between the popup and the edge of the window, in pixels. */
const MARGIN = 8;

export class StandingPopup extends ReactWidget {
  /**
   * @param anchor - The button that opens it: the focus comes back there.
   */
  constructor(
    private readonly anchor: HTMLElement,
    private readonly standing: INotebookStanding,
    private readonly actions: ICardActions,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('envstore');
    this.addClass('envstore-standing');
    standing.panel.disposed.connect(this.dispose, this);
  }

  open(): void {
    Widget.attach(this, document.body);
    this.place();
    this.node.addEventListener('keydown', this._onKey);
    this.node.addEventListener('focusout', this._onFocusOut);
    document.addEventListener('pointerdown', this._onPointer, true);
    window.addEventListener('resize', this._onResize);
  }

  override close(): void {
    this.dispose();
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    document.removeEventListener('pointerdown', this._onPointer, true);
    window.removeEventListener('resize', this._onResize);
    const hadFocus = this.node.contains(document.activeElement);
    super.dispose();
    if (hadFocus) {
      this.anchor.focus();
    }
  }

  protected override render(): React.ReactElement {
    const actions: ICardActions = {
      has: command => this.actions.has(command),
      run: (action: IStandingAction) => {
        this.close();
        this.actions.run(action);
      }
    };
    return (
      <TranslationProvider trans={this.trans}>
        <StandingCard standing={this.standing} actions={actions} />
      </TranslationProvider>
    );
  }

  /** Stand below the button, in its middle, and within the window. */
  private place(): void {
    const { style, offsetWidth: width } = this.node;
    const { left, width: wide, bottom } = this.anchor.getBoundingClientRect();
    const end = window.innerWidth - width - MARGIN;
    style.left = `${Math.max(MARGIN, Math.min(left + wide / 2 - width / 2, end))}px`;
    style.top = `${bottom + 4}px`;
    style.maxHeight = `${window.innerHeight - bottom - 4 - MARGIN}px`;
  }

  private readonly _onResize = (): void => this.place();

  private readonly _onPointer = (event: PointerEvent): void => {
    const target = event.target as Node;
    // The button closes it itself, wherever the toolbar puts the focus meanwhile.
    this._isOnAnchor = this.anchor.contains(target);
    if (!this._isOnAnchor && !this.node.contains(target)) {
      this.close();
    }
  };

  private readonly _onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      event.preventDefault();
      this.close();
    } else if (event.key === 'Tab') {
      this.cycle(event);
    }
  };

  private readonly _onFocusOut = (event: FocusEvent): void => {
    const next = event.relatedTarget as Node | null;
    if (next && !this._isOnAnchor && !this.node.contains(next)) {
      this.close();
    }
  };

  /** Let the tabulator go round: the popup stands at the end of the page, far from its button. */
  private cycle(event: KeyboardEvent): void {
    const stops = [...this.node.querySelectorAll<HTMLElement>('button')];
    const at = stops.indexOf(document.activeElement as HTMLElement);
    const leaves = event.shiftKey ? at <= 0 : at === stops.length - 1;
    if (leaves && stops.length > 0) {
      event.preventDefault();
      (event.shiftKey ? stops[stops.length - 1]! : stops[0]!).focus();
    }
  }

  private _isOnAnchor = false;
}
