/**
 * Channels of a lockfile, or of a notebook, that the store does not use: each has to be allowed by the person who imports it.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { ILockfileChannel } from '../api/types';
import { Banner } from '../components/empty';
import { warningIcon } from '../components/icons';
import { AllowLine, type IAllowed } from './allow-line';

interface IStrangeChannelsProps {
  channels: ReadonlyArray<ILockfileChannel>;
  draft: IAllowed;
  trans: TranslationBundle;
}

export function StrangeChannels(props: IStrangeChannelsProps): React.ReactElement {
  const { channels, draft, trans } = props;
  return (
    <Banner look="warn" icon={warningIcon}>
      {trans._n(
        'This store does not use one of its channels. Packages run code on this server: allow it only if you trust who publishes there.',
        'This store does not use %1 of its channels. Packages run code on this server: allow them only if you trust who publishes there.',
        channels.length
      )}
      {channels.map(({ url, packages }) => (
        <AllowLine
          key={url}
          url={url}
          count={trans._n('(%1 package)', '(%1 packages)', packages)}
          draft={draft}
          trans={trans}
        />
      ))}
    </Banner>
  );
}
