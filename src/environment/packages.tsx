/**
 * The Packages part of the tab: what the active version holds.
 */
import { filterIcon } from '@jupyterlab/ui-components';
import React, { useState } from 'react';

import type { IEnvironment, IPackage, IVersion } from '../api/types';
import { Banner } from '../components/empty';
import { formatBytes } from '../components/formatting';
import { useTranslation } from '../components/translation';
import { channelName } from '../new/suggestions';
import { useEnvironmentContext } from './context';
import { groupPackages } from './groups';
import { useRead } from './read';

interface IPackagesProps {
  environment: IEnvironment;
  version: IVersion;
}

export function Packages(props: IPackagesProps): React.ReactElement {
  const { environment, version } = props;
  const { client } = useEnvironmentContext();
  const trans = useTranslation();
  const [filter, setFilter] = useState('');
  const { namespace, name } = environment;
  const { value, error } = useRead(`${namespace}/${name}@${version.number}`, () =>
    client.packages(namespace, name, version.number)
  );
  const groups = groupPackages(value?.items ?? [], version.specification, filter);
  return (
    <div className="envstore-body">
      <div className="envstore-bar">
        <label className="envstore-search envstore-packagefilter">
          <filterIcon.react className="envstore-icon" tag="span" />
          <input
            className="envstore-input"
            type="text"
            placeholder={trans.__('Filter by name')}
            aria-label={trans.__('Filter the packages by name')}
            value={filter}
            onChange={event => setFilter(event.currentTarget.value)}
            onKeyDown={event => {
              if (event.key === 'Escape' && filter) {
                event.stopPropagation();
                setFilter('');
              }
            }}
          />
        </label>
      </div>
      {error && (
        <Banner look="error" blocks>
          {error.message}
        </Banner>
      )}
      <table className="envstore-table">
        <thead>
          <tr>
            <th scope="col">{trans.__('Name')}</th>
            <th scope="col">{trans.__('You ask for')}</th>
            <th scope="col">{trans.__('Locked')}</th>
            <th scope="col">{trans.__('Channel')}</th>
            <th scope="col" className="jp-mod-right">
              {trans.__('Size')}
            </th>
          </tr>
        </thead>
        <tbody>
          <Rows title={trans.__('Packages you asked for')} rows={groups.asked} />
          <Rows title={trans.__('Came with these')} rows={groups.came} />
        </tbody>
      </table>
      {value && groups.asked.length + groups.came.length === 0 && (
        <p className="envstore-muted envstore-nomatch">{trans.__('Nothing matches “%1”.', filter)}</p>
      )}
    </div>
  );
}

function Rows(props: { title: string; rows: ReadonlyArray<[IPackage, string]> }): React.ReactElement | null {
  const trans = useTranslation();
  if (props.rows.length === 0) {
    return null;
  }
  return (
    <>
      <tr className="jp-mod-group">
        <td colSpan={5}>{props.title}</td>
      </tr>
      {props.rows.map(([item, constraint]) => (
        <tr key={`${item.manager} ${item.name}`}>
          <td title={item.name}>{item.name}</td>
          <td className="envstore-mono">{constraint}</td>
          <td className="envstore-mono envstore-num" title={`${item.version} ${item.build}`}>
            {item.version}
          </td>
          <td className="envstore-muted" title={item.channel}>
            {item.manager === 'pip' ? trans.__('PyPI') : channelName(item.channel)}
          </td>
          <td className="jp-mod-right envstore-num envstore-muted">
            {item.size === null ? trans.__('unknown') : formatBytes(item.size)}
          </td>
        </tr>
      ))}
    </>
  );
}
