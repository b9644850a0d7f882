/**
 * The Versions part of the tab: the line of versions, or two of them side by side.
 */
import React, { useMemo, useRef, useState } from 'react';

import type { IBuild, IEnvironment, IVersion } from '../api/types';
import { Button } from '../components/buttons';
import { Banner } from '../components/empty';
import { useTranslation } from '../components/translation';
import { Compare } from './compare';
import { useEnvironmentContext } from './context';
import { baseOf, Counting } from './counting';
import { More } from './more';
import type { Place } from './place';
import { sidesFor } from './sides';
import { useVersions, type IVersionList } from './use-versions';
import { VersionRow, type IVersionActions } from './version-row';
import { formatOnDisk } from './version-texts';
import { offeredVersion } from './waiting';

interface IVersionsProps {
  environment: IEnvironment;
  builds: ReadonlyArray<IBuild>;
  place: Place;
}

export function Versions(props: IVersionsProps): React.ReactElement {
  const { environment, builds, place } = props;
  const trans = useTranslation();
  const { client } = useEnvironmentContext();
  const counting = useMemo(() => new Counting(client), [client]);
  const list = useVersions(environment);
  const { versions, error } = list;
  const newest = versions.find(version => !version.deleted && !version.active)?.number;
  const two = newest === undefined ? null : sidesFor(newest, environment, versions);

  if (place.sides) {
    return <Compare environment={environment} sides={place.sides} place={place} />;
  }
  return (
    <div className="envstore-body">
      <div className="envstore-bar">
        <span className="envstore-muted">
          {list.isRead && list.total <= 1
            ? trans.__('This is the first version. Change a package to make the next.')
            : trans.__(
                'A version never changes. Activating one moves the kernel to it; notebooks already running keep theirs.'
              )}
        </span>
        <span className="envstore-spacer" />
        <Button disabled={!two} onClick={() => place.compare(two)}>
          {trans.__('Compare two…')}
        </Button>
      </div>
      {error && (
        <Banner look="error" blocks>
          {error.message}
        </Banner>
      )}
      <Timeline environment={environment} builds={builds} place={place} list={list} counting={counting} />
      {list.more && (
        <More
          label={trans.__('Show older versions')}
          shown={versions.length}
          total={list.total}
          onMore={list.more}
        />
      )}
    </div>
  );
}

interface ITimelineProps extends IVersionsProps {
  list: IVersionList;
  counting: Counting;
}

function Timeline(props: ITimelineProps): React.ReactElement {
  const { environment, builds, place, list, counting } = props;
  const { actions } = useEnvironmentContext();
  const trans = useTranslation();
  const { versions } = list;
  const [current, setCurrent] = useState<number | null>(null);
  const node = useRef<HTMLOListElement>(null);
  const stop = (versions.find(version => version.number === current) ?? versions[0])?.number;

  const { namespace, name } = environment;
  const rowActions: IVersionActions = {
    activate: version => {
      const done = actions.version('activate', { namespace, name, version: version.number });
      if (version.prefix_state === 'ready') {
        list.alter(version.number, { active: true }, done);
      }
    },
    compare: version => place.compare(sidesFor(version.number, environment, versions)),
    pin: (version, pinned) =>
      list.alter(
        version.number,
        { pinned },
        actions.version(pinned ? 'pin' : 'unpin', { namespace, name, version: version.number })
      ),
    describe: (version, message) =>
      list.alter(
        version.number,
        { message },
        actions.version('describe', { namespace, name, version: version.number, message })
      ),
    openMenu: (version, box) => actions.openVersionMenu(version, box)
  };

  const onKeyDown = (event: React.KeyboardEvent): void => {
    const at = versions.findIndex(version => version.number === stop);
    const last = versions.length - 1;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last }[event.key];
    const next = to === undefined ? undefined : versions[Math.min(Math.max(to, 0), last)];
    if (next) {
      focusRow(node.current, next.number);
    } else if (event.key === 'F2') {
      rowOf(node.current, stop)?.querySelector<HTMLElement>('.envstore-version-message')?.click();
    } else if (event.key === 'Delete' && !versions[at]?.deleted) {
      void actions.version('delete', { namespace, name, version: stop! });
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <ol
      ref={node}
      className="envstore-timeline"
      aria-label={trans.__('Versions, newest first')}
      onKeyDown={onKeyDown}
      onFocus={event => {
        const row = (event.target as Element).closest<HTMLElement>('[data-version]');
        setCurrent(Number(row?.dataset.version));
      }}
    >
      {versions.map(version => (
        <VersionRow
          key={version.number}
          version={version}
          onDisk={formatOnDisk(version, builds, trans)}
          base={baseOf(version, versions, list.more === null)}
          isOffered={offeredVersion(environment) === version.number}
          isComparable={isComparable(version, environment, versions)}
          isStop={version.number === stop}
          counting={counting}
          actions={rowActions}
        />
      ))}
    </ol>
  );
}

function isComparable(
  version: IVersion,
  environment: IEnvironment,
  versions: ReadonlyArray<IVersion>
): boolean {
  return sidesFor(version.number, environment, versions) !== null;
}

function rowOf(list: HTMLElement | null, number: number | undefined): HTMLElement | null {
  return list?.querySelector<HTMLElement>(`[data-version="${number}"]`) ?? null;
}

function focusRow(list: HTMLElement | null, number: number): void {
  rowOf(list, number)?.focus();
}
