/**
 * The line at the bottom of the panel: what the store takes on the disk, and what of that can be freed.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IUsage } from '../api/types';
import { LinkButton } from '../components/buttons';
import { formatBytes } from '../components/formatting';
import { diskIcon } from '../components/icons';
import { useTranslation } from '../components/translation';
import { useSignal } from '../components/use-model';
import { CommandIDs } from '../tokens';
import { useActions } from './actions';
import type { DiskUsage } from './usage';

export function Disk({ usage }: { usage: DiskUsage }): React.ReactElement | null {
  const trans = useTranslation();
  const { run } = useActions();
  const node = React.useRef<HTMLDivElement>(null);
  useSignal(usage.changed);
  React.useEffect(() => {
    if (!node.current) {
      return;
    }
    const watch = new IntersectionObserver(entries => usage.watch(entries.at(-1)?.isIntersecting === true));
    watch.observe(node.current);
    return () => {
      watch.disconnect();
      usage.watch(false);
    };
  }, [usage]);
  const { value } = usage;
  const text = value ? usageText(value, trans) : '';
  return (
    <div ref={node} className="envstore-panel-foot">
      <div className="envstore-disk" role="group" aria-label={trans.__('Disk')}>
        <diskIcon.react className="envstore-icon" tag="span" />
        <span className="envstore-clip" title={value ? `${text}. ${usageTitle(value, trans)}` : undefined}>
          {text}
        </span>
        {value !== null && value.environments.length > 0 && (
          <LinkButton onClick={() => run(CommandIDs.freeDisk)}>{trans.__('Free…')}</LinkButton>
        )}
      </div>
    </div>
  );
}

function usageText(usage: IUsage, trans: TranslationBundle): string {
  if (usage.environments.length === 0 && usage.can_be_freed === 0) {
    return trans.__('Nothing on disk yet');
  }
  return usage.can_be_freed > 0
    ? trans.__('%1 used, %2 can be freed', formatBytes(usage.used), formatBytes(usage.can_be_freed))
    : trans.__('%1 used', formatBytes(usage.used));
}

function usageTitle(usage: IUsage, trans: TranslationBundle): string {
  return trans.__('The store is %1. %2 are free on its disk.', usage.store, formatBytes(usage.disk_free));
}
