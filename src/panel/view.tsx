/**
 * All that the panel shows, put together.
 */
import { filterIcon } from '@jupyterlab/ui-components';
import React from 'react';

import { Button } from '../components/buttons';
import { Empty } from '../components/empty';
import { useTranslation } from '../components/translation';
import { useSignal } from '../components/use-model';
import type { IEnvStoreModel } from '../tokens';
import { Announcer } from './announcer';
import { ConnectionBanner } from './connection-banner';
import { DropTarget } from './drop-target';
import { FilterField } from './filter-field';
import { FirstRun } from './first-run';
import { group } from './matching';
import type { PanelState } from './panel-state';
import { PanelToolbar } from './toolbar';
import { Tree } from './tree';
import { useFound } from './use-found';

interface IPanelViewProps {
  model: IEnvStoreModel;
  state: PanelState;
  /** What stands below the list. */
  foot?: React.ReactNode;
}

export function PanelView({ model, state, foot }: IPanelViewProps): React.ReactElement {
  useSignal(model.changed);
  useSignal(state.changed);
  const list = React.useRef<HTMLDivElement>(null);
  const isEmpty = model.environments.length === 0;
  return (
    <DropTarget>
      <PanelToolbar />
      {!isEmpty && (
        <FilterField
          value={state.filter}
          onChange={value => (state.filter = value)}
          onLeave={() => list.current?.querySelector<HTMLElement>('.envstore-tree-row')?.focus()}
        />
      )}
      <ConnectionBanner connection={model.connection} problem={model.problem} readAt={model.readAt} />
      <div className="envstore-panel-list" ref={list}>
        {isEmpty ? <Nothing model={model} /> : <Environments model={model} state={state} />}
      </div>
      <Announcer environments={model.environments} />
      {foot}
    </DropTarget>
  );
}

/** In the place of the list while there is none. */
function Nothing({ model }: { model: IEnvStoreModel }): React.ReactElement | null {
  const trans = useTranslation();
  if (model.readAt) {
    return <FirstRun />;
  }
  return model.connection.kind === 'asking' ? (
    <p className="envstore-wait envstore-muted" role="status">
      {trans.__('Asking the server')}
    </p>
  ) : null;
}

function Environments({ model, state }: IPanelViewProps): React.ReactElement {
  const trans = useTranslation();
  const found = useFound(model, state.filter);
  const environments = found.environments;
  const groups = group(environments, state.filter, found.withPackage);
  if (groups.length > 0) {
    return (
      <>
        <Tree
          groups={groups}
          environments={environments}
          state={state}
          filtered={state.filter.trim() !== ''}
        />
        {model.total > model.environments.length && (
          <p className="envstore-panel-more envstore-muted">
            {trans.__(
              'These are the %1 changed last of %2. Filter by name to find the others.',
              model.environments.length.toLocaleString(),
              model.total.toLocaleString()
            )}
          </p>
        )}
      </>
    );
  }
  if (found.searching) {
    return <p className="envstore-wait envstore-muted">{trans.__('Searching')}</p>;
  }
  return (
    <Empty icon={filterIcon} title={trans.__('Nothing matches “%1”', state.filter.trim())}>
      <p className="envstore-muted">
        {trans._n(
          'Names and package names were searched in %1 environment.',
          'Names and package names were searched in %1 environments.',
          model.total
        )}
      </p>
      <Button onClick={() => (state.filter = '')}>{trans.__('Clear the filter')}</Button>
    </Empty>
  );
}
