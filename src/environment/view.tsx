/**
 * The tab of one environment: head, strip of tabs, and the chosen part.
 */
import React, { useEffect } from 'react';

import { isActive, type IEnvironment } from '../api/types';
import { Button, LinkButton } from '../components/buttons';
import { Banner, Empty } from '../components/empty';
import { formatTime } from '../components/formatting';
import { environmentsIcon, warningIcon } from '../components/icons';
import { useTranslation } from '../components/translation';
import { useSignal } from '../components/use-model';
import type { EnvironmentTab } from '../tokens';
import { Builds } from './builds';
import { useEnvironmentContext } from './context';
import { Editing } from './editing';
import { Header } from './header';
import type { Place } from './place';
import { useEnvironment, useRead } from './read';
import { Sharing } from './sharing';
import { panelId, tabId, TabStrip, type ITab } from './tab-strip';
import { useBuilds } from './use-builds';
import { useNewestVersion } from './use-versions';
import { Versions } from './versions';

export function EnvironmentView(props: { place: Place }): React.ReactElement {
  const { place } = props;
  const { actions } = useEnvironmentContext();
  const trans = useTranslation();
  useSignal(place.changed);
  const { namespace, name } = place;
  const { value: environment, isGone } = useEnvironment(namespace, name);
  if (isGone) {
    return (
      <Empty icon={environmentsIcon} title={trans.__('%1 does not exist', `${namespace}/${name}`)}>
        <p className="envstore-muted">{trans.__('If it was deleted, it can be brought back.')}</p>
        <div className="envstore-actions">
          <Button onClick={() => actions.undelete(namespace, name)}>{trans.__('Bring it back')}</Button>
        </div>
      </Empty>
    );
  }
  return (
    <section className="envstore-main" aria-label={trans.__('Environment %1', name)}>
      <Away />
      {environment && <Parts environment={environment} place={place} />}
    </section>
  );
}

function Parts(props: { environment: IEnvironment; place: Place }): React.ReactElement {
  const { environment, place } = props;
  const { client, drafts } = useEnvironmentContext();
  const trans = useTranslation();
  const { namespace, name, active_version: active, build } = environment;
  const attempts = useBuilds(environment);
  const { builds } = attempts;
  const version = useRead(active === null ? null : `${namespace}/${name}@${active}`, () =>
    client.version(namespace, name, active!)
  ).value;
  const newest = useNewestVersion(environment);
  const draft = drafts.of(environment);
  useSignal(draft.changed);
  useEffect(() => {
    if (version) {
      draft.follow(version);
    }
  }, [draft, version]);

  const tabs: ITab[] = [
    ...(active === null
      ? []
      : ([
          { id: 'packages', label: trans.__('Packages'), count: environment.package_count },
          { id: 'yaml', label: trans.__('YAML') },
          { id: 'versions', label: trans.__('Versions'), count: newest?.total }
        ] as const)),
    { id: 'builds', label: trans.__('Builds'), count: attempts.total },
    ...(active === null ? [] : ([{ id: 'share', label: trans.__('Share') }] as const))
  ];
  const usual: EnvironmentTab = active === null || (build && isActive(build)) ? 'builds' : 'packages';
  const wanted = place.tab ?? usual;
  const current = tabs.some(tab => tab.id === wanted) ? wanted : 'builds';
  const prefix = `envstore-${namespace}--${name}`;
  const isEditing = (current === 'packages' || current === 'yaml') && version !== null;
  const isPreviewing = draft.preview !== null && (isEditing || current === 'share');
  const next = Math.max(active ?? 0, newest?.number ?? 0, ...builds.map(item => item.version ?? 0)) + 1;
  const shown = builds.find(item => item.id === place.build) ?? builds[0];
  const failed = current === 'builds' && shown?.state === 'failed';
  return (
    <>
      <Header
        environment={environment}
        place={place}
        isMain={!failed && !isPreviewing && !(isEditing && draft.isDirty)}
      />
      <TabStrip tabs={tabs} current={current} prefix={prefix} onChange={tab => place.go(tab)} />
      <div
        className="envstore-tabpanel"
        role="tabpanel"
        id={panelId(prefix, current)}
        aria-labelledby={tabId(prefix, current)}
      >
        {isEditing && (
          <Editing
            environment={environment}
            version={version}
            tab={current as 'packages' | 'yaml'}
            place={place}
            next={next}
          />
        )}
        {current === 'share' && version !== null && (
          <Sharing environment={environment} version={version} place={place} next={next} />
        )}
        {current === 'versions' && <Versions environment={environment} builds={builds} place={place} />}
        {current === 'builds' && (
          <Builds
            environment={environment}
            list={attempts}
            chosen={place.build}
            onChoose={id => place.go('builds', id)}
            onEdit={text => {
              // What is being edited already is not thrown away.
              if (!draft.isDirty) {
                draft.setText(text);
              }
              place.go('packages');
            }}
          />
        )}
      </div>
    </>
  );
}

/** Says that the server is away, and of when it is what is shown. */
function Away(): React.ReactElement | null {
  const { model } = useEnvironmentContext();
  const trans = useTranslation();
  useSignal(model.changed);
  if (model.connection.kind !== 'failed') {
    return null;
  }
  const { message } = model.connection.error;
  return (
    <Banner look="warn" icon={warningIcon} blocks>
      {message} {model.readAt && trans.__('This is what was known at %1.', formatTime(model.readAt))}{' '}
      <LinkButton onClick={() => void model.refresh()}>{trans.__('Try again')}</LinkButton>
    </Banner>
  );
}
