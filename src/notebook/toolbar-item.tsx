/**
 * The item in a notebook's toolbar that says how the notebook stands to its kernel.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import React, { useState } from 'react';

import { TranslationProvider, useTranslation } from '../components/translation';
import { useSignal } from '../components/use-model';
import type { INotebookStanding } from '../tokens';
import { StandingMark, type ICardActions } from './standing-card';
import { StandingPopup } from './standing-popup';
import { wordsOf } from './standing-words';

interface IItemProps {
  standing: INotebookStanding;
  actions: ICardActions;
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
        <Item {...this.props} />
      </TranslationProvider>
    );
  }
}

function Item({ standing, actions }: IItemProps): React.ReactElement | null {
  const trans = useTranslation();
  useSignal(standing.changed);
  const [popup, setPopup] = useState<StandingPopup | null>(null);
  const words = wordsOf(standing, trans);
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
