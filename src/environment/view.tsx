/**
 * The tab of one environment: head, strip of tabs, and the chosen part.
 */
import React from 'react';

import { isActive, type IEnvironment } from '../api/types';
import { Button, LinkButton } from '../components/buttons';
import { Banner, Empty } from '../components/empty';
import { formatTime } from '../components/formatting';
import { environmentsIcon, warningIcon } from '../components/icons';
import { useTranslation } from '../components/translation';
import { useSignal } from '../components/use-model';
import { YamlEditor } from '../new/yaml-editor';
import type { EnvironmentTab } from '../tokens';
import { Builds } from './builds';
import { useEnvironmentContext } from './context';
import { Header } from './header';
import { Packages } from './packages';
import type { Place } from './place';
import { useBuilds, useEnvironment, useRead } from './read';
import { panelId, tabId, TabStrip, type ITab } from './tab-strip';

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
  const { client } = useEnvironmentContext();
  const trans = useTranslation();
  const { namespace, name, active_version: active, build } = environment;
  const { builds, total } = useBuilds(environment);
  const version = useRead(active === null ? null : `${namespace}/${name}@${active}`, () =>
    client.version(namespace, name, active!)
  ).value;

  const tabs: ITab[] = [
    ...(active === null
      ? []
      : ([
          { id: 'packages', label: trans.__('Packages'), count: environment.package_count },
          { id: 'yaml', label: trans.__('YAML') }
        ] as const)),
    { id: 'builds', label: trans.__('Builds'), count: total }
  ];
  const usual: EnvironmentTab = active === null || (build && isActive(build)) ? 'builds' : 'packages';
  const wanted = place.tab ?? usual;
  const current = tabs.some(tab => tab.id === wanted) ? wanted : 'builds';
  const prefix = `envstore-${namespace}--${name}`;
  const failed = current === 'builds' && builds.find(item => item.id === place.build)?.state === 'failed';
  return (
    <>
      <Header environment={environment} isMain={!failed} />
      <TabStrip tabs={tabs} current={current} prefix={prefix} onChange={tab => place.go(tab)} />
      <div
        className="envstore-tabpanel"
        role="tabpanel"
        id={panelId(prefix, current)}
        aria-labelledby={tabId(prefix, current)}
      >
        {current === 'packages' && version && <Packages environment={environment} version={version} />}
        {current === 'yaml' && version && <Yaml text={version.specification} />}
        {current === 'builds' && (
          <Builds
            environment={environment}
            builds={builds}
            chosen={place.build}
            onChoose={id => place.go('builds', id)}
          />
        )}
      </div>
    </>
  );
}

function Yaml(props: { text: string }): React.ReactElement {
  const { services } = useEnvironmentContext();
  const trans = useTranslation();
  return (
    <div className="envstore-body">
      <YamlEditor services={services} text={props.text} label={trans.__('environment.yml')} />
    </div>
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
