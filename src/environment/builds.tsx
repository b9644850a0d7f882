/**
 * The Builds part of the tab: all attempts, and the chosen one in full.
 */
import React, { useEffect, useRef } from 'react';

import { isActive, type IBuild, type IEnvironment } from '../api/types';
import { Banner } from '../components/empty';
import { formatDuration } from '../components/formatting';
import { elapsed, markOf } from '../components/stages';
import { StateMark } from '../components/state-mark';
import { useTranslation } from '../components/translation';
import { useNow } from '../components/use-model';
import { attemptNote, attemptTitle, numberOf } from './attempts';
import { BuildView } from './build-view';
import { useEnvironmentContext } from './context';
import { More } from './more';
import type { IBuildList } from './use-builds';

interface IBuildsProps {
  environment: IEnvironment;
  list: IBuildList;
  /** The id of the chosen build; null for the newest. */
  chosen: number | null;
  onChoose: (id: number) => void;
  /** Go on editing the text that a build was asked for. */
  onEdit: (specification: string) => void;
}

export function Builds(props: IBuildsProps): React.ReactElement {
  const { environment, list, onChoose } = props;
  const { builds, error } = list;
  const { model } = useEnvironmentContext();
  const trans = useTranslation();
  const build = builds.find(item => item.id === props.chosen) ?? builds[0];

  // A build that goes on is kept up to date by whoever tracks it.
  const id = build && isActive(build) ? build.id : null;
  useEffect(() => {
    if (id !== null) {
      model.track(id).catch(() => undefined);
    }
  }, [model, id]);

  if (!build) {
    return (
      <div className="envstore-body">
        {error && (
          <Banner look="error" blocks>
            {error.message}
          </Banner>
        )}
        {list.isRead && <p className="envstore-muted">{trans.__('No builds are listed.')}</p>}
      </div>
    );
  }
  return (
    <div className="envstore-split">
      <div>
        <Attempts builds={builds} chosen={build.id} onChoose={onChoose} />
        {list.more && (
          <More
            label={trans.__('Show older builds')}
            shown={builds.length}
            total={list.total}
            onMore={list.more}
          />
        )}
      </div>
      <div>
        <BuildView
          key={build.id}
          build={build}
          environment={environment}
          number={numberOf(build, builds)}
          onBuild={onChoose}
          onEdit={props.onEdit}
        />
      </div>
    </div>
  );
}

interface IAttemptsProps {
  builds: ReadonlyArray<IBuild>;
  chosen: number;
  onChoose: (id: number) => void;
}

function Attempts(props: IAttemptsProps): React.ReactElement {
  const { builds, chosen, onChoose } = props;
  const trans = useTranslation();
  const list = useRef<HTMLOListElement>(null);
  const now = useNow(builds.some(isActive));
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const at = builds.findIndex(build => build.id === chosen);
    const last = builds.length - 1;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last }[event.key];
    const next = to === undefined ? undefined : builds[Math.min(Math.max(to, 0), last)];
    if (next) {
      event.preventDefault();
      onChoose(next.id);
      list.current?.querySelector<HTMLElement>(`[data-build="${next.id}"]`)?.focus();
    }
  };
  return (
    <ol ref={list} role="listbox" aria-label={trans.__('Builds, newest first')} onKeyDown={onKeyDown}>
      {builds.map(build => (
        <li
          key={build.id}
          className="envstore-attempt"
          role="option"
          data-build={build.id}
          aria-selected={build.id === chosen}
          tabIndex={build.id === chosen ? 0 : -1}
          onClick={() => onChoose(build.id)}
        >
          <StateMark mark={markOf(build)} fraction={build.progress.fraction} />
          <span className="envstore-clip">{attemptTitle(build, numberOf(build, builds), trans)}</span>
          <span className="envstore-muted envstore-small envstore-num">
            {build.started && formatDuration(elapsed(build, now))}
          </span>
          <span className="envstore-clip" title={attemptNote(build, new Date(now), trans)}>
            {attemptNote(build, new Date(now), trans)}
          </span>
        </li>
      ))}
    </ol>
  );
}
