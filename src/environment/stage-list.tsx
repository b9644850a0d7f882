/**
 * The stages of a build in a row, with their times, and below them the bar.
 */
import React, { useEffect, useRef, useState } from 'react';

import { isActive, type IBuild } from '../api/types';
import { formatBytes, formatDuration } from '../components/formatting';
import { doneIcon, todoIcon } from '../components/icons';
import { ProgressBar } from '../components/progress-bar';
import { elapsed, stageText } from '../components/stages';
import { StateMark } from '../components/state-mark';
import { useTranslation } from '../components/translation';
import { useNow } from '../components/use-model';
import { stagesOf, type IStage, type StageName } from './stages';

/** Between two things that a screen reader is told, in milliseconds. */
const QUIET = 5000;

export function StageList(props: { build: IBuild; versionText: string }): React.ReactElement {
  const { build, versionText } = props;
  const trans = useTranslation();
  const goesOn = isActive(build);
  const now = useNow(goesOn);
  const text = stageText(build, trans);
  const { bytes_done: done, bytes_total: total } = build.progress;
  return (
    <>
      <ol className="envstore-steps" aria-label={trans.__('Stages')}>
        {stagesOf(build).map(stage => (
          <Stage key={stage.name} stage={stage} build={build} />
        ))}
      </ol>
      {goesOn && (
        <>
          <ProgressBar
            thick
            fraction={build.progress.fraction}
            label={trans.__('Build of %1', versionText)}
            text={text}
          />
          <div className="envstore-progressline envstore-num envstore-muted">
            <span className="envstore-strongcolor">{text}</span>
            <span className="envstore-spacer" />
            {build.state !== 'fetching' && total > 0 && (
              <span>{trans.__('%1 of %2', formatBytes(done), formatBytes(total))}</span>
            )}
            <span className="envstore-elapsed">
              {trans.__('%1 elapsed', formatDuration(elapsed(build, now)))}
            </span>
          </div>
        </>
      )}
      <Announcement text={text} stage={build.state} />
    </>
  );
}

function Stage(props: { stage: IStage; build: IBuild }): React.ReactElement {
  const { stage, build } = props;
  const trans = useTranslation();
  const fetched = useRef(0);
  if (build.progress.step === 'download') {
    fetched.current = Math.max(fetched.current, build.progress.bytes_total);
  }
  const names: Record<StageName, string> = {
    lock: trans.__('Lock'),
    fetch: trans.__('Fetch'),
    install: trans.__('Install'),
    kernel: trans.__('Kernel')
  };
  const look = { done: 'done', none: 'done', busy: 'busy', failed: 'failed', stopped: 'todo', todo: 'todo' }[
    stage.mark
  ];
  const { done, total } = build.progress;
  let note = '';
  if (stage.mark === 'busy') {
    note = total > 0 ? trans.__('%1 of %2', done, total) : '';
  } else if (stage.mark === 'none') {
    note = stage.name === 'fetch' ? trans.__('All here already') : '';
  } else if (stage.mark === 'stopped') {
    note = trans.__('Cancelled');
  } else if (stage.seconds !== null) {
    const time = secondsText(stage.seconds, trans.__('s'));
    note =
      stage.name === 'fetch' && fetched.current > 0
        ? trans.__('%1 in %2', formatBytes(fetched.current), time)
        : time;
  }
  return (
    <li className={`envstore-step jp-mod-${look}`} aria-current={stage.mark === 'busy' ? 'step' : undefined}>
      <div>
        <StageIcon stage={stage} fraction={build.progress.fraction} />
        <span>{names[stage.name]}</span>
      </div>
      <div>{note}</div>
    </li>
  );
}

function StageIcon(props: { stage: IStage; fraction: number }): React.ReactElement {
  const trans = useTranslation();
  switch (props.stage.mark) {
    case 'busy':
      return <StateMark mark="busy" fraction={props.fraction} />;
    case 'failed':
      return <StateMark mark="failed" />;
    case 'done':
    case 'none':
      return (
        <span role="img" aria-label={trans.__('done')}>
          <doneIcon.react className="envstore-icon envstore-icon-ok" tag="span" />
        </span>
      );
    default:
      return (
        <span role="img" aria-label={trans.__('to come')}>
          <todoIcon.react className="envstore-icon" tag="span" />
        </span>
      );
  }
}

/** Tells a screen reader how far it is: at each stage, and between them now and then. */
function Announcement(props: { text: string; stage: string }): React.ReactElement {
  const [said, setSaid] = useState(props.text);
  const latest = useRef(props.text);
  latest.current = props.text;
  useEffect(() => {
    setSaid(latest.current);
    const timer = window.setInterval(() => setSaid(latest.current), QUIET);
    return () => window.clearInterval(timer);
  }, [props.stage]);
  return (
    <p className="envstore-sr" role="status">
      {said}
    </p>
  );
}

/** `1.8 s`, `47 s`, `2:41`. */
export function secondsText(seconds: number, unit: string): string {
  if (seconds >= 99.5) {
    return formatDuration(seconds);
  }
  const digits = seconds < 9.95 ? 1 : 0;
  return `${seconds.toLocaleString(undefined, { maximumFractionDigits: digits })}\u00a0${unit}`;
}
