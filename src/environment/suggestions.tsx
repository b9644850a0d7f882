/**
 * What a person can do about a failed build, each as a button.
 */
import React, { useState } from 'react';

import {
  isActive,
  type IBuild,
  type IBuildRequest,
  type ICreateRequest,
  type IEnvironment
} from '../api/types';
import { tellFailure } from '../components/failures';
import { useTranslation } from '../components/translation';
import { consentOf } from './consent';
import { useEnvironmentContext } from './context';
import { relaxed } from './relaxed';
import { remediesOf, type IRemedy } from './remedies';
import { RemedyList } from './remedy-list';

interface ISuggestionsProps {
  build: IBuild;
  environment: IEnvironment;
  /** Go to the build that was begun. */
  onBuild: (id: number) => void;
}

export function Suggestions(props: ISuggestionsProps): React.ReactElement | null {
  const { build, environment, onBuild } = props;
  const { client, model, actions } = useEnvironmentContext();
  const trans = useTranslation();
  const [busy, setBusy] = useState(false);
  // The same name may be created again only as long as it has no version and nothing is being built.
  const canCreate =
    build.kind === 'create' &&
    environment.active_version === null &&
    !(environment.build && isActive(environment.build));
  if (!canCreate) {
    return null;
  }
  const start = { namespace: build.namespace, name: build.name };
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      tellFailure(trans.__('%1 was not built.', build.name), error, trans);
    } finally {
      setBusy(false);
    }
  };
  const again = async (asked: IBuildRequest, change: Partial<ICreateRequest>): Promise<void> => {
    const { specification, platforms, message, allow_source } = asked;
    const name = `${build.namespace}/${build.name}`;
    onBuild((await model.create({ name, specification, platforms, message, allow_source, ...change })).id);
  };
  const apply = (remedy: IRemedy): Promise<void> =>
    attempt(async () => {
      const asked = await client.buildRequest(build.id);
      const specification = relaxed(asked.specification, remedy.change);
      if (specification === null) {
        actions.edit({ ...start, specification: asked.specification, message: asked.message });
        return;
      }
      await again(asked, { specification });
    });
  const allow = (packages: ReadonlyArray<string>): Promise<void> =>
    attempt(async () => {
      const asked = await client.buildRequest(build.id);
      await again(asked, { allow_source: [...asked.allow_source, ...packages] });
    });
  const edit = (): Promise<void> =>
    attempt(async () => {
      const asked = await client.buildRequest(build.id);
      actions.edit({ ...start, specification: asked.specification, message: asked.message });
    });

  return (
    <RemedyList
      remedies={remediesOf(build)}
      needsConsent={consentOf(build)}
      verb={trans.__('Build with this')}
      editVerb={trans.__('Edit…')}
      busy={busy}
      onAllow={packages => void allow(packages)}
      onApply={remedy => void apply(remedy)}
      onEdit={() => void edit()}
    />
  );
}
