/**
 * What a notebook carries, a line each: where its packages come from, what they take, and whether they fit this machine.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { HoldsRow } from '../../components/holds';
import { plainText } from '../../components/strange-text';
import { readFields } from '../../new/environment-text';
import { packageName } from '../../new/requirement';
import type { INotebookEnvironment } from '../../tokens';
import { downloadWords, firstOf, onDiskWords, originWords, platformWords } from './words';

/** Of the packages that pip installs, or that are asked for, so many are named. */
const MOST_NAMED = 3;

interface IRestoreFactsProps {
  carried: INotebookEnvironment;
  trans: TranslationBundle;
}

/**
 * @param props.isThere - Whether the very same files are on the disk.
 */
export function RestoreFacts(props: IRestoreFactsProps & { isThere: boolean }): React.ReactElement {
  const { carried, isThere, trans } = props;
  const download = isThere ? '' : downloadWords(carried, trans);
  const onDisk = isThere
    ? trans.__('Nothing new, the very same files are here')
    : onDiskWords(carried, trans);
  const variables = Object.entries(carried.variables);
  return (
    <div className="envstore-holds" role="table" aria-label={trans.__('What it contains')}>
      <HoldsRow label={trans.__('Environment')}>{originWords(carried, trans)}</HoldsRow>
      <HoldsRow label={trans.__('Conda')}>
        <Conda carried={carried} trans={trans} />
      </HoldsRow>
      {carried.pip > 0 && (
        <HoldsRow label={trans.__('Pip')}>
          <Pip carried={carried} trans={trans} />
        </HoldsRow>
      )}
      {download && <HoldsRow label={trans.__('Download')}>{download}</HoldsRow>}
      {onDisk && <HoldsRow label={trans.__('On disk')}>{onDisk}</HoldsRow>}
      <HoldsRow label={trans.__('Platform')}>{platformWords(carried, trans)}</HoldsRow>
      {variables.length > 0 && (
        <HoldsRow label={trans.__('Variables')}>
          {variables.map(([name, value]) => (
            <div key={name} className="envstore-mono envstore-clip" title={plainText(value, 1_000)}>
              {plainText(`${name}=${value}`, 200)}
            </div>
          ))}
        </HoldsRow>
      )}
    </div>
  );
}

/** How many packages come from which channels; without a lock, what is asked for. */
function Conda({ carried, trans }: IRestoreFactsProps): React.ReactElement {
  const channels = carried.channels.map((channel, index) => (
    <React.Fragment key={channel.url}>
      {index > 0 && ', '}
      <b title={channel.url}>{plainText(channel.name, 120)}</b>
    </React.Fragment>
  ));
  if (!carried.locked) {
    const asked = askedFor(carried.specification).conda;
    return (
      <>
        {asked.length > 0 && `${firstOf(asked, MOST_NAMED)} `}
        {trans.__('from')} {channels}
      </>
    );
  }
  const count = carried.packages.length - carried.pip;
  return (
    <>
      {trans._n('%1 package from', '%1 packages from', count)} {channels}
    </>
  );
}

function Pip({ carried, trans }: IRestoreFactsProps): React.ReactElement {
  const names = carried.locked
    ? carried.packages.flatMap(({ manager, name }) => (manager === 'pip' ? [plainText(name)] : []))
    : askedFor(carried.specification).pip;
  return (
    <>
      {trans._n('%1 package from', '%1 packages from', carried.pip)} <b>{trans.__('PyPI')}</b>
      {names.length > 0 && `: ${firstOf(names, MOST_NAMED)}`}
    </>
  );
}

/** Names of what a specification asks for; none where it cannot be read. */
function askedFor(specification: string): { conda: string[]; pip: string[] } {
  try {
    const { packages, pip } = readFields(specification);
    const names = (entries: ReadonlyArray<string>): string[] =>
      entries.map(entry => plainText(packageName(entry) || entry));
    return { conda: names(packages), pip: names(pip) };
  } catch {
    return { conda: [], pip: [] };
  }
}
