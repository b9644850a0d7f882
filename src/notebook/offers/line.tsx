/**
 * The line below a cell that did not find a package: what is the matter, and the one thing to do about it. It is no
 * output, and is not saved.
 */
import { closeIcon, ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { Button, IconButton } from '../../components/buttons';
import { Sentence } from '../../components/sentence';
import type { IInstallation } from './installations';
import type { IAddOffer, Offer } from './offer';
import { addTitle, notesOf, offerText } from './texts';

/** What can be done about it. */
export interface IOfferActions {
  add(offer: IAddOffer): void;
  showBuild(build: number): void;
  restart(): void;
  /** Let the notebook run on another version. */
  switchTo(version: number): void;
  /** Run the cell again. */
  run(): void;
  /** Ask the package index for a project. */
  lookUp(project: string): void;
  /** Say no more of it. */
  hide(): void;
}

/** What a line says. */
export interface IOfferState {
  readonly offer: Offer;
  /** The environment's name. */
  readonly environment: string;
  /** The number of the version that the kernel runs. */
  readonly running: number;
  /** What the cell was to install. */
  readonly installation: IInstallation;
}

/** Packages that are named on a button; more are counted. */
const NAMED = 3;

export class OfferLine extends ReactWidget {
  constructor(
    private state: IOfferState,
    private readonly actions: IOfferActions,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('envstore');
    this.addClass('envstore-offer');
    this.node.setAttribute('role', 'status');
    // The notebook's keys are not for its buttons.
    this.node.dataset.lmSuppressShortcuts = 'true';
  }

  /** Say something else. */
  say(state: IOfferState): void {
    this.state = state;
    this.update();
  }

  protected override render(): React.ReactElement {
    const { state, actions, trans } = this;
    const notes = notesOf(state, trans);
    return (
      <>
        <span className="envstore-offer-text">
          <Sentence text={offerText(state, trans)} />
          {notes.length > 0 && <span className="envstore-muted"> {notes.join(' ')}</span>}
        </span>
        <Deed state={state} actions={actions} trans={trans} />
        <IconButton icon={closeIcon} label={trans.__('Hide this line')} onClick={() => actions.hide()} />
      </>
    );
  }
}

function Deed(props: {
  state: IOfferState;
  actions: IOfferActions;
  trans: TranslationBundle;
}): React.ReactElement | null {
  const { actions, trans } = props;
  const { offer, environment } = props.state;
  switch (offer.kind) {
    case 'add': {
      const { names } = offer;
      return (
        <Button title={addTitle(offer, trans)} onClick={() => actions.add(offer)}>
          {names.length > NAMED
            ? trans.__('Add %1 packages to %2', names.length, environment)
            : trans.__('Add %1 to %2', names.join(', '), environment)}
        </Button>
      );
    }
    case 'building':
      return <Button onClick={() => actions.showBuild(offer.build)}>{trans.__('Show the build')}</Button>;
    case 'restart':
      return <Button onClick={() => actions.restart()}>{trans.__('Restart the kernel to use it')}</Button>;
    case 'switch':
      return (
        <Button onClick={() => actions.switchTo(offer.version)}>
          {trans.__('Let this notebook run on v%1', offer.version)}
        </Button>
      );
    case 'rerun':
      return (
        <Button title={trans.__('Run this cell')} onClick={() => actions.run()}>
          {trans.__('Run')}
        </Button>
      );
    case 'unknown':
      return offer.index === 'not asked' ? (
        <Button
          title={trans.__('Ask PyPI for a package called %1', offer.name)}
          onClick={() => actions.lookUp(offer.name)}
        >
          {trans.__('Look on PyPI')}
        </Button>
      ) : null;
    case 'unnamed':
      return null;
  }
}
