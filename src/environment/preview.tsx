/**
 * What a draft, or an update, would make of an environment: shown before anything is built.
 */
import { caretDownEmptyThinIcon } from '@jupyterlab/ui-components';
import React, { useEffect, useRef, useState } from 'react';

import type { IPreview } from '../api/types';
import { Button, IconButton } from '../components/buttons';
import { tellFailure } from '../components/failures';
import { formatDuration } from '../components/formatting';
import { useTranslation } from '../components/translation';
import { useNow, useSignal } from '../components/use-model';
import type { IRemedy } from './remedies';
import { PreviewFailed } from './preview-failed';
import { PreviewHead, PreviewReady } from './preview-ready';
import type { PreviewRun } from './preview-run';

interface IPreviewProps {
  run: PreviewRun;
  /** The name of the environment. */
  name: string;
  /** The number of the active version. */
  active: number;
  /** The number that the new version will have. */
  next: number;
  onBack: () => void;
  /** Ask again for the same. */
  onAgain: () => void;
  /** Ask again, with these packages allowed to be built from their source. */
  onAllow: (packages: ReadonlyArray<string>) => void;
  /** Change the draft as the remedy says, and look at that. */
  onRemedy: (remedy: IRemedy) => Promise<void>;
  /** Build what is shown. */
  onBuild: () => Promise<void>;
}

export function Preview(props: IPreviewProps): React.ReactElement {
  const { run, next, onBack } = props;
  const trans = useTranslation();
  const [busy, setBusy] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useSignal(run.changed);
  useEffect(() => heading.current?.focus(), [run]);

  const { preview, error } = run;
  const canBuild = preview !== null && !preview.nothing_to_build && !busy;
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    try {
      await work();
    } catch (why) {
      tellFailure(what, why, trans);
    } finally {
      setBusy(false);
    }
  };
  const build = (): void => void attempt(trans.__('Version %1 is not being built.', next), props.onBuild);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.key === 'Escape') {
      onBack();
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      if (canBuild) {
        build();
      }
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="envstore-editing" onKeyDown={onKeyDown}>
      <div className="envstore-body">
        <div className="envstore-bar envstore-previewhead">
          <IconButton icon={caretDownEmptyThinIcon} label={trans.__('Back to editing')} onClick={onBack} />
          <h2 ref={heading} tabIndex={-1}>
            {trans.__('Preview of version %1', next)}
          </h2>
          {preview && <PreviewHead preview={preview} />}
        </div>
        {run.isSolving && <Solving began={run.began} onCancel={onBack} />}
        {error && (
          <PreviewFailed
            error={error}
            name={props.name}
            active={props.active}
            busy={busy}
            onBack={onBack}
            onAgain={props.onAgain}
            onAllow={props.onAllow}
            onRemedy={remedy =>
              void attempt(trans.__('The change was not made.'), () => props.onRemedy(remedy))
            }
          />
        )}
        {preview && <PreviewReady preview={preview} active={props.active} next={next} />}
      </div>
      {preview && (
        <BuildBar run={run} preview={preview} next={next} busy={busy} onBack={onBack} onBuild={build} />
      )}
    </div>
  );
}

interface IBuildBarProps {
  run: PreviewRun;
  preview: IPreview;
  next: number;
  busy: boolean;
  onBack: () => void;
  onBuild: () => void;
}

/** The message of the version, and the button that builds it. */
function BuildBar(props: IBuildBarProps): React.ReactElement {
  const { run, preview, next, busy } = props;
  const trans = useTranslation();
  const isIdle = preview.nothing_to_build;
  return (
    <div className="envstore-changebar" role="region" aria-label={trans.__('Build')}>
      {!isIdle && (
        <label className="envstore-row-flex envstore-messagefield">
          <span>{trans.__('Message')}</span>
          <input
            className="envstore-input"
            type="text"
            maxLength={4000}
            value={run.message}
            onChange={event => run.setMessage(event.currentTarget.value)}
          />
        </label>
      )}
      <span className="envstore-spacer" />
      <Button look={isIdle ? 'accept' : 'minimal'} disabled={busy} onClick={props.onBack}>
        {trans.__('Back to editing')}
      </Button>
      {!isIdle && (
        <Button look="accept" disabled={busy} onClick={props.onBuild}>
          {trans.__('Build version %1', next)}
        </Button>
      )}
    </div>
  );
}

/** While the versions are looked for; seen only when that takes longer. */
function Solving(props: { began: number; onCancel: () => void }): React.ReactElement {
  const trans = useTranslation();
  const now = useNow(true);
  return (
    <div className="envstore-wait envstore-row-flex" role="status">
      <span className="envstore-spinner" aria-hidden="true" />
      <span>{trans.__('Finding versions that fit together')}</span>
      <span className="envstore-muted envstore-num" aria-live="off">
        {formatDuration((now - props.began) / 1000)}
      </span>
      <Button onClick={props.onCancel}>{trans.__('Cancel')}</Button>
    </div>
  );
}
