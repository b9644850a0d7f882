/**
 * What a notebook runs on and what it carries, and what one can do about it: the content of the popup.
 */
import React, { useEffect, useRef } from 'react';

import { Button, LinkButton } from '../../components/buttons';
import { formatBytes, formatMoment } from '../../components/formatting';
import { doneIcon, todoIcon, warningIcon } from '../../components/icons';
import { useTranslation } from '../../components/translation';
import { useSignal } from '../../components/use-model';
import { Delta } from '../../environment/change-kinds';
import type { INotebookStanding, INotebookState } from '../../tokens';
import { carriedNames } from '../version-words';
import { actionsOf, comparing, differing, type IStandingAction, type IStandingDifference } from './actions';
import { runsOn, wordsOf, type IStandingWords } from './words';

/** How the card acts. */
export interface ICardActions {
  /** Whether there is such a command. */
  has(command: string): boolean;
  run(action: IStandingAction): void;
}

interface ICardProps {
  standing: INotebookStanding;
  actions: ICardActions;
}

const HEADING = 'envstore-standing-heading';

export function StandingCard({ standing, actions }: ICardProps): React.ReactElement {
  const trans = useTranslation();
  useSignal(standing.changed);
  const node = useRef<HTMLDivElement>(null);
  useEffect(() => node.current?.focus({ preventScroll: true }), []);
  const words = wordsOf(standing, trans);
  const asksSize = standing.state?.state === 'none';
  const version = standing.kernel?.version;
  useEffect(() => {
    if (asksSize && version) {
      void standing.prepare();
    }
  }, [asksSize, version, standing]);
  return (
    <div
      ref={node}
      className="envstore-popup envstore-card"
      role="dialog"
      aria-label={trans.__('Environment of this notebook')}
      aria-describedby={HEADING}
      tabIndex={-1}
    >
      {words ? (
        <>
          <Head words={words} bytes={asksSize ? (standing.offered?.bytes ?? null) : null} />
          <Facts standing={standing} actions={actions} />
        </>
      ) : (
        <p id={HEADING} role="status">
          {trans.__('Asking the server')}
        </p>
      )}
      <Buttons standing={standing} actions={actions} />
    </div>
  );
}

/** The mark of how it stands. */
export function StandingMark({ mark }: Pick<IStandingWords, 'mark'>): React.ReactElement {
  const Icon = { ok: doneIcon, warn: warningIcon, none: todoIcon }[mark];
  return (
    <Icon.react className={`envstore-icon ${mark === 'none' ? '' : `envstore-icon-${mark}`}`} tag="span" />
  );
}

function Head({ words, bytes }: { words: IStandingWords; bytes: number | null }): React.ReactElement {
  const trans = useTranslation();
  const { mark, heading, text } = words;
  return (
    <div>
      <h3 className="envstore-row-flex" id={HEADING}>
        <StandingMark mark={mark} />
        {heading}
      </h3>
      {text && (
        <p className="envstore-muted">
          {text} {bytes !== null && trans.__('Adds about %1.', formatBytes(bytes))}
        </p>
      )}
    </div>
  );
}

function Facts({ standing, actions }: ICardProps): React.ReactElement {
  const trans = useTranslation();
  const state = standing.state!;
  const isBrief = state.state === 'differs' && Boolean(state.environment);
  const recorded = new Date(state.recorded);
  return (
    <dl className="envstore-dl">
      <dt>{trans.__('Runs on')}</dt>
      <RunsOn standing={standing} actions={actions} />
      <dt>{trans.__('Carries')}</dt>
      <dd>{state.problem ? trans.__('unusable') : <Carried state={state} isBrief={isBrief} />}</dd>
      {isBrief && <Difference standing={standing} actions={actions} />}
      {!isBrief && !Number.isNaN(recorded.getTime()) && (
        <>
          <dt>{trans.__('Recorded')}</dt>
          <dd title={recorded.toLocaleString()}>{formatMoment(recorded, new Date(), trans)}</dd>
        </>
      )}
      {!isBrief && state.platforms.length > 0 && (
        <>
          <dt>{trans.__('Platforms')}</dt>
          <dd>{state.platforms.join(', ')}</dd>
        </>
      )}
    </dl>
  );
}

function RunsOn({ standing, actions }: ICardProps): React.ReactElement {
  const trans = useTranslation();
  const name = runsOn(standing, trans);
  const { unpin } = actionsOf(standing, trans);
  if (!unpin || !actions.has(unpin.command)) {
    return <dd>{name}</dd>;
  }
  return (
    <dd className="envstore-row-flex">
      <span title={trans.__('Stays with this version, whichever is active')}>
        {trans.__('%1, pinned', name)}
      </span>
      <LinkButton onClick={() => actions.run(unpin)}>{unpin.label}</LinkButton>
    </dd>
  );
}

function Carried({ state, isBrief }: { state: INotebookState; isBrief: boolean }): React.ReactElement {
  const trans = useTranslation();
  if (state.state === 'none') {
    return <>{trans.__('nothing')}</>;
  }
  const name = carriedNames(state, trans);
  if (isBrief) {
    return <>{name}</>;
  }
  if (state.packages === null) {
    return <>{state.platforms.length > 0 ? trans.__('%1, not for this machine', name) : name}</>;
  }
  return <>{trans.__('%1, %2', name, trans._n('%1 package', '%1 packages', state.packages))}</>;
}

function Difference({ standing, actions }: ICardProps): React.ReactElement | null {
  const trans = useTranslation();
  const compare = comparing(standing, trans);
  const difference = differing(standing, trans);
  if (!difference && !compare) {
    return null;
  }
  return (
    <>
      <dt title={difference?.title}>{trans.__('Difference')}</dt>
      <dd className="envstore-row-flex">
        {difference && <Changes {...difference} />}
        {compare && <LinkButton onClick={() => actions.run(compare)}>{compare.label}</LinkButton>}
      </dd>
    </>
  );
}

function Changes({ changes, title }: IStandingDifference): React.ReactElement {
  const trans = useTranslation();
  if (changes.length === 0) {
    return <>{trans.__('the same packages')}</>;
  }
  return (
    <span role="group" aria-label={title} title={title}>
      <Delta changes={changes} />
    </span>
  );
}

function Buttons({ standing, actions }: ICardProps): React.ReactElement {
  const trans = useTranslation();
  const { mend, report, change, remove } = actionsOf(standing, trans);
  const isDiffering = standing.state?.state === 'differs' && Boolean(standing.state.environment);
  const first = mend.filter(({ command }) => actions.has(command));
  // Where two things mend it, these are the question; the rest is in the menus.
  const others = [
    ...(first.length === 0 ? [report] : []),
    ...(isDiffering && first.length > 1 ? [] : [change])
  ];
  return (
    <div className="envstore-card-buttons">
      {first.map((action, index) => (
        <Button
          key={action.label}
          look={index === 0 ? 'accept' : 'plain'}
          onClick={() => actions.run(action)}
        >
          {action.label}
        </Button>
      ))}
      {others
        .filter(({ command }) => actions.has(command))
        .map(action => (
          <Button key={action.label} onClick={() => actions.run(action)}>
            {action.label}
          </Button>
        ))}
      {remove && !(isDiffering && first.length > 1) && (
        <>
          <span className="envstore-spacer" />
          <Button look="minimal" onClick={() => actions.run(remove)}>
            {remove.label}
          </Button>
        </>
      )}
    </div>
  );
}
