/**
 * Two versions side by side: their packages, and what was asked for.
 */
import React, { useState } from 'react';

import type { IComparison, IEnvironment } from '../api/types';
import { Button, IconButton } from '../components/buttons';
import { Banner } from '../components/empty';
import { useTranslation } from '../components/translation';
import { readReference, shortReference } from '../model/references';
import { CompareDiff } from './compare-diff';
import { CompareFilter } from './compare-filter';
import { CompareTable } from './compare-table';
import { useEnvironmentContext } from './context';
import { backIcon } from './icons';
import type { Place } from './place';
import { useRead } from './read';
import { shownChanges, type IChangeFilter } from './shown-changes';
import { SidePicker } from './side-picker';
import { type ISides } from './sides';

interface ICompareProps {
  environment: IEnvironment;
  sides: ISides;
  place: Place;
}

export function Compare({ environment, sides, place }: ICompareProps): React.ReactElement {
  const { client, actions } = useEnvironmentContext();
  const trans = useTranslation();
  const { before, after } = sides;
  const { value, error } = useRead(`${before} ${after}`, async () => {
    const [left, right] = [readReference(before), readReference(after)];
    if (!left || !right) {
      throw new Error(trans.__('%1 and %2 cannot be compared.', before, after));
    }
    const [comparison, version] = await Promise.all([
      client.compare(left, right),
      client.version(left.namespace, left.name, left.number).catch(() => null)
    ]);
    return { sides, comparison, specification: version?.specification ?? null };
  });
  const other = switchable(environment, sides);
  return (
    <div className="envstore-body">
      <div className="envstore-bar envstore-comparebar">
        <IconButton
          icon={backIcon}
          label={trans.__('Back to the versions')}
          onClick={() => place.compare(null)}
        />
        <h2>{trans.__('Compare')}</h2>
        <SidePicker
          environment={environment}
          value={before}
          beside={after}
          label={trans.__('Left side')}
          onChange={reference => place.compare({ before: reference, after })}
        />
        <span className="envstore-muted">{trans.__('with')}</span>
        <SidePicker
          environment={environment}
          value={after}
          beside={before}
          label={trans.__('Right side')}
          onChange={reference => place.compare({ before, after: reference })}
        />
        <span className="envstore-spacer" />
        {other !== null && (
          <Button
            onClick={() => {
              const { namespace, name } = environment;
              void actions.version('activate', { namespace, name, version: other });
            }}
          >
            {trans.__('Activate v%1', other)}
          </Button>
        )}
      </div>
      {error && (
        <Banner look="error" blocks>
          {error.message}
        </Banner>
      )}
      {!error && value && (
        <Comparison
          environment={environment}
          sides={value.sides}
          comparison={value.comparison}
          specification={value.specification}
        />
      )}
      {!error && !value && <p className="envstore-wait envstore-muted">{trans.__('Comparing')}</p>}
    </div>
  );
}

interface IComparisonProps {
  environment: IEnvironment;
  sides: ISides;
  comparison: IComparison;
  specification: string | null;
}

function Comparison(props: IComparisonProps): React.ReactElement {
  const { environment, sides, comparison, specification } = props;
  const trans = useTranslation();
  const [filter, setFilter] = useState<IChangeFilter>({ kind: null, direct: false, text: '' });
  const [platform, setPlatform] = useState('');
  const names = {
    before: shortReference(sides.before, environment),
    after: shortReference(sides.after, environment)
  };
  const { platforms } = comparison;
  const part = platforms.find(item => item.platform === platform) ?? platforms[0];
  const changes = part?.changes ?? [];
  return (
    <>
      <CompareFilter
        changes={changes}
        filter={filter}
        platforms={platforms.map(item => item.platform)}
        platform={part?.platform ?? ''}
        onFilter={setFilter}
        onPlatform={setPlatform}
      />
      <Coverage comparison={comparison} names={names} />
      <div className="envstore-compare">
        {changes.length > 0 ? (
          <CompareTable changes={shownChanges(changes, filter)} names={names} />
        ) : (
          <p className="envstore-muted" role="status">
            {part
              ? trans._n(
                  'The package is the same on both sides.',
                  'All %1 packages are the same on both sides.',
                  part.same
                )
              : trans.__('The two sides have no platform in common.')}
          </p>
        )}
        <CompareDiff diff={comparison.specification_diff} before={specification} names={names} />
      </div>
    </>
  );
}

/** Which platforms only one of the sides covers. */
function Coverage(props: {
  comparison: IComparison;
  names: { before: string; after: string };
}): React.ReactElement | null {
  const { comparison, names } = props;
  const trans = useTranslation();
  const { platforms_added: added, platforms_removed: removed } = comparison;
  if (added.length + removed.length === 0) {
    return null;
  }
  return (
    <p className="envstore-muted envstore-coverage">
      {added.length > 0 && trans.__('Only %1 covers %2.', names.after, added.join(', '))}{' '}
      {removed.length > 0 && trans.__('Only %1 covers %2.', names.before, removed.join(', '))}
    </p>
  );
}

/** The version of this environment, among the two, that can be activated: the left one when both can. */
function switchable(environment: IEnvironment, sides: ISides): number | null {
  for (const reference of [sides.before, sides.after]) {
    const target = readReference(reference);
    const isHome = target && shortReference(reference, environment) === `v${target.number}`;
    if (isHome && target.number !== environment.active_version) {
      return target.number;
    }
  }
  return null;
}
