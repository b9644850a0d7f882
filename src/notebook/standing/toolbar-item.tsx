/**
 * The item in a notebook's toolbar that says how the notebook stands to its kernel.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import React, { useEffect, useState } from 'react';

import { TranslationProvider, useTranslation } from '../../components/translation';
import { useSignal } from '../../components/use-model';
import type { INotebookStanding } from '../../tokens';
import { StandingMark, type ICardActions } from './card';
import { StandingPopup } from './popup';
import { wordsOf } from './words';

interface IItemProps {
  readonly standing: INotebookStanding;
  readonly actions: ICardActions;
}

export class StandingItem extends ReactWidget {
  constructor(
    private readonly props: IItemProps,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('envstore');
    this.addClass('envstore-nbitem-box');
  }

  protected override render(): React.ReactElement {
    return (
      <TranslationProvider trans={this.trans}>
        <Item {...this.props} onLabel={() => this.fitToolbar()} />
      </TranslationProvider>
    );
  }

  /** Let the toolbar look which of its items have room: it knows of no item that grows. */
  private fitToolbar(): void {
    const { parent } = this;
    if (parent?.isVisible) {
      const { offsetWidth, offsetHeight } = parent.node;
      MessageLoop.postMessage(parent, new Widget.ResizeMessage(offsetWidth, offsetHeight));
    }
  }
}

function Item(props: IItemProps & { readonly onLabel: () => void }): React.ReactElement | null {
  const { standing, actions, onLabel } = props;
  const trans = useTranslation();
  useSignal(standing.changed);
  const [popup, setPopup] = useState<StandingPopup | null>(null);
  const words = wordsOf(standing, trans);
  const label = words?.label;
  useEffect(onLabel, [label]);
  if (!words) {
    return null;
  }
  const toggle = (button: HTMLElement): void => {
    if (popup) {
      popup.close();
      return;
    }
    const opened = new StandingPopup(button, standing, actions, trans);
    opened.disposed.connect(() => setPopup(null));
    opened.open();
    setPopup(opened);
  };
  return (
    <button
      className="envstore-nbitem"
      type="button"
      title={words.title}
      aria-haspopup="dialog"
      aria-expanded={popup !== null}
      onClick={event => toggle(event.currentTarget)}
    >
      <StandingMark mark={words.mark} />
      <span className="envstore-clip">{words.label}</span>
    </button>
  );
}
