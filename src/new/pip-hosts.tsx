/**
 * Hosts that a lockfile, or a notebook, takes files of pip from. The package index is asked about each before anything is built; a
 * person may let one do without.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { ILockfileReport } from '../api/types';
import { AllowLine, type IAllowed } from './allow-line';

interface IPipHostsProps {
  report: Pick<ILockfileReport, 'packages'> | null;
  draft: IAllowed;
  trans: TranslationBundle;
}

export function PipHosts({ report, draft, trans }: IPipHostsProps): React.ReactElement | null {
  const hosts = hostsOf(report);
  if (hosts.size === 0) {
    return null;
  }
  return (
    <fieldset className="envstore-piphosts">
      <legend className="envstore-help">
        {trans.__('What the package index does not have can be allowed, if you trust who publishes there:')}
      </legend>
      {[...hosts].map(([url, count]) => (
        <AllowLine
          key={url}
          url={url}
          count={trans._n('(%1 pip package)', '(%1 pip packages)', count)}
          draft={draft}
          trans={trans}
        />
      ))}
    </fieldset>
  );
}

/** The hosts of files of pip, with how many packages come from each. */
export function hostsOf(report: Pick<ILockfileReport, 'packages'> | null): Map<string, number> {
  const hosts = new Map<string, number>();
  for (const { manager, url } of report?.packages ?? []) {
    const host = manager === 'pip' ? /^https?:\/\/[^/]+\//i.exec(url)?.[0] : undefined;
    if (host) {
      hosts.set(host, (hosts.get(host) ?? 0) + 1);
    }
  }
  return hosts;
}
