/**
 * What is in the dialog that offers to build what a notebook carries: what that is, what is in the way, and the buttons.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useCallback, useState } from 'react';

import { toReport } from '../../api/request';
import { LinkButton } from '../../components/buttons';
import { Banner } from '../../components/empty';
import { failedIcon, warningIcon } from '../../components/icons';
import { Sentence } from '../../components/sentence';
import { plainLines } from '../../components/strange-text';
import { Fold } from '../../environment/fold';
import { useNameProblem } from '../../new/checking';
import { LockedPackages } from '../../new/locked-packages';
import { splitName } from '../../new/names';
import { hostsOf, PipHosts } from '../../new/pip-hosts';
import { useAnswer } from '../../new/search';
import { StrangeChannels } from '../../new/strange-channels';
import type { IEnvStoreClient, IErrorReport, INotebookEnvironment, IRestoration } from '../../tokens';
import { versionName } from '../version-words';
import { RestoreFacts } from './facts';
import { judge } from './judging';
import { RestoreName } from './name';
import { questionWords, type Occasion } from './words';

/** What is offered. */
export interface IOffer {
  readonly occasion: Occasion;
  /** What the server says of it; null when it cannot be read. */
  readonly carried: INotebookEnvironment | null;
  /** Why it cannot be read. */
  readonly error: IErrorReport | null;
  /** Where a name without a namespace goes. */
  readonly namespace: string;
  /** Whether the very same files are on the disk: then nothing is built. */
  readonly isThere: boolean;
}

/** How it is to be built. */
export interface IBuildChoices {
  /** What it is to be called; null for the name that the server gives. */
  readonly name: string | null;
  readonly relock: boolean;
  readonly allowed: ReadonlyArray<string>;
}

interface IRestoreViewProps {
  offer: IOffer;
  client: Pick<IEnvStoreClient, 'environments'>;
  trans: TranslationBundle;
  titleId: string;
  questionId: string;
  /** Ask the channels, those that were allowed too, how large its packages are. */
  measure: (allowed: ReadonlyArray<string>, signal: AbortSignal) => Promise<INotebookEnvironment>;
  build: (choices: IBuildChoices) => Promise<IRestoration>;
  onBuilt: (restoration: IRestoration, choices: IBuildChoices) => void;
  onNotNow: () => void;
  /** Undefined where there is no notebook whose kernel could be chosen. */
  onChoose?: () => void;
}

/** Between a change of what is allowed and the question for sizes, in milliseconds. */
const SIZES_DELAY = 200;

export function RestoreView(props: IRestoreViewProps): React.ReactElement {
  const { offer, client, trans, measure } = props;
  const { carried, occasion } = offer;
  const [typed, setTyped] = useState(carried?.name ?? '');
  const [relock, setRelock] = useState(false);
  const [allowed, setAllowed] = useState<ReadonlyArray<string>>([]);
  const [sending, setSending] = useState(false);
  const [refusal, setRefusal] = useState<IErrorReport | null>(null);

  const isNew = occasion.kind === 'create';
  // Files that were freed are built again under the name that they have.
  const isNamed = carried !== null && (isNew || carried.existing.length === 0);
  const [namespace, name] = splitName(typed);
  const place = namespace ?? offer.namespace;
  const nameProblem = useNameProblem(isNamed ? place : offer.namespace, isNamed ? name : '', client, trans);
  const ask = useCallback(
    (question: string, signal: AbortSignal) => measure(question.split(' ').slice(1), signal),
    [measure]
  );
  const measured = useAnswer(carried?.locked ? ['sizes', ...allowed].join(' ') : '', ask, SIZES_DELAY);
  const judgement = carried && judge(carried, relock);
  const isAllowed = judgement?.strange.every(({ url }) => allowed.includes(url)) ?? false;
  const canBuild =
    Boolean(judgement?.isPossible) && isAllowed && !sending && (!isNamed || (name !== '' && !nameProblem));
  const isOffered = Boolean(judgement && judgement.obstacles.length === 0);
  // A lock for other platforms leads nowhere here: what can be built is what was asked for.
  const isAnew = relock || Boolean(judgement?.isRelockable);
  const question = questionWords(carried, occasion, { isOffered, relock: isAnew }, trans);

  const build = async (): Promise<void> => {
    setSending(true);
    setRefusal(null);
    const isTheirs = !isNew && typed === carried!.name;
    try {
      const wanted = isNamed && !isTheirs ? `${place}/${name}` : null;
      const choices = { name: wanted, relock, allowed };
      props.onBuilt(await props.build(choices), choices);
    } catch (error) {
      setRefusal(toReport(error));
      setSending(false);
    }
  };
  const choice = {
    allowed,
    setAllowed: (url: string, isOn: boolean) => {
      const others = allowed.filter(other => other !== url);
      setAllowed(isOn ? [...others, url] : others);
    }
  };

  return (
    <div className="envstore-restore">
      <div className="jp-Dialog-header" id={props.titleId}>
        {isNew
          ? trans.__('New environment from a notebook')
          : trans.__('This notebook carries its environment')}
      </div>
      <div className="jp-Dialog-body">
        <p id={props.questionId}>{question}</p>
        {carried && <Carried carried={measured.answer ?? carried} isThere={offer.isThere} trans={trans} />}
        {offer.error && <Obstacle message={offer.error.message} />}
        {judgement?.obstacles.map(message => (
          <Obstacle key={message} message={message} />
        ))}
        {isNew && carried && carried.existing.length > 0 && (
          <p className="envstore-help">
            {trans.__('%1 has the very same packages already.', versionName(carried.existing[0]!, trans))}
          </p>
        )}
        {judgement?.notes.map(message => (
          <p key={message} className="envstore-help">
            <Sentence text={message} />
          </p>
        ))}
        {carried && isOffered && judgement?.isRelockable && (
          <label className="envstore-checkbox envstore-allow">
            <input
              type="checkbox"
              checked={relock}
              onChange={event => setRelock(event.currentTarget.checked)}
            />
            <span>
              {trans.__(
                'Lock anew for %1. The versions may be others than those in the file.',
                carried.platform
              )}
            </span>
          </label>
        )}
        {carried && isOffered && hostsOf(carried).size > 0 && (
          <PipHosts report={carried} draft={choice} trans={trans} />
        )}
        {judgement && isOffered && judgement.strange.length > 0 && (
          <StrangeChannels channels={judgement.strange} draft={choice} trans={trans} />
        )}
        {carried && isOffered && !offer.isThere && (
          <Banner look="warn" icon={warningIcon}>
            {/* Above, where channels are to be allowed, it is said already. */}
            {judgement!.strange.length === 0 && trans.__('Packages run code on this server.')}{' '}
            {isNew
              ? trans.__('Create it only if you trust who gave you this notebook.')
              : trans.__('Build only if you trust who gave you this notebook.')}{' '}
            {carried.locked && !isAnew && trans.__('Every file is checked against its hash.')}
          </Banner>
        )}
        {isNamed && isOffered && (
          <RestoreName
            typed={typed}
            problem={nameProblem}
            isTaken={Boolean(carried?.name_taken) && typed === carried?.name}
            trans={trans}
            onType={setTyped}
          />
        )}
        {refusal && <Obstacle message={refusal.message} />}
      </div>
      <div className="jp-Dialog-footer">
        {props.onChoose && (
          <LinkButton disabled={sending} onClick={props.onChoose}>
            {trans.__('Choose another kernel')}
          </LinkButton>
        )}
        <span className="envstore-spacer" />
        <button
          type="button"
          className="jp-Dialog-button jp-mod-reject jp-mod-styled"
          autoFocus
          disabled={sending}
          onClick={props.onNotNow}
        >
          {notNowWords(isOffered, isNew, trans)}
        </button>
        {isOffered && (
          <button
            type="button"
            className="jp-Dialog-button jp-mod-accept jp-mod-styled"
            disabled={!canBuild}
            onClick={() => void build()}
          >
            {isNew ? trans.__('Create') : trans.__('Build')}
          </button>
        )}
      </div>
    </div>
  );
}

function Carried(props: {
  carried: INotebookEnvironment;
  isThere: boolean;
  trans: TranslationBundle;
}): React.ReactElement {
  const { carried, isThere, trans } = props;
  return (
    <>
      <RestoreFacts carried={carried} isThere={isThere} trans={trans} />
      {carried.packages.length > 0 && <LockedPackages packages={carried.packages} trans={trans} />}
      {!carried.locked && carried.specification && (
        <Fold title={trans.__('What it asks for')}>
          <pre className="envstore-asked" tabIndex={0}>
            {plainLines(carried.specification)}
          </pre>
        </Fold>
      )}
    </>
  );
}

function Obstacle({ message }: { message: string }): React.ReactElement {
  return (
    <Banner look="error" icon={failedIcon} blocks>
      <Sentence text={message} />
    </Banner>
  );
}

function notNowWords(isOffered: boolean, isNew: boolean, trans: TranslationBundle): string {
  if (!isOffered) {
    return trans.__('Close');
  }
  return isNew ? trans.__('Cancel') : trans.__('Not now');
}
