/**
 * One environment in the list: its state, name, version and size, and what can be done with it.
 */
import { closeIcon, ellipsesIcon, notebookIcon, refreshIcon } from '@jupyterlab/ui-components';
import React from 'react';

import { isActive, type IEnvironment } from '../api/types';
import { IconButton } from '../components/buttons';
import { StateMark } from '../components/state-mark';
import { useTranslation } from '../components/translation';
import { keyOf } from '../model/environment-list';
import { CommandIDs } from '../tokens';
import { useActions } from './actions';
import { RowDetail } from './row-detail';
import { buildOf, factTitle, rowFacts, rowLabel, rowMark } from './row-texts';

interface IRowProps {
  environment: IEnvironment;
  /** How many builds are to be done before its own. */
  before: number;
  selected: boolean;
  /** Whether it is the one line of the tree that Tab leads to. */
  tabbable: boolean;
}

/** Drawn again only when something of it changed: a list may have a thousand. */
export const Row = React.memo(function Row(props: IRowProps): React.ReactElement {
  const { environment, before, selected, tabbable } = props;
  const trans = useTranslation();
  const { run, openMenu } = useActions();
  const build = buildOf(environment);
  const [version, fact] = rowFacts(environment, trans);
  const tabIndex = tabbable ? 0 : -1;

  return (
    <div
      className="envstore-tree-row"
      role="treeitem"
      aria-level={2}
      aria-selected={selected}
      aria-label={rowLabel(environment, trans)}
      tabIndex={tabIndex}
      data-key={keyOf(environment)}
      onClick={() => run(CommandIDs.openEnvironment, opening(environment))}
      onContextMenu={event => {
        event.preventDefault();
        event.stopPropagation();
        const box = event.currentTarget.getBoundingClientRect();
        // The menu key gives no place, or that of the corner.
        const byKey = event.button !== 2;
        openMenu(environment, byKey ? box.left + 24 : event.clientX, byKey ? box.top + 24 : event.clientY);
      }}
    >
      <StateMark mark={rowMark(environment)} fraction={build?.progress.fraction} />
      <span className="envstore-tree-name envstore-clip" title={environment.description || environment.name}>
        {environment.name}
      </span>
      {build ? (
        <span />
      ) : (
        <span className="envstore-tree-meta">
          <span>{version}</span>
          <span title={factTitle(environment, trans)}>{fact}</span>
        </span>
      )}
      <span className="envstore-tree-actions" onClick={event => event.stopPropagation()}>
        <RowActions environment={environment} tabIndex={tabIndex} />
      </span>
      {build && <RowDetail environment={environment} build={build} before={before} tabIndex={tabIndex} />}
    </div>
  );
});

function RowActions(props: { environment: IEnvironment; tabIndex: number }): React.ReactElement {
  const { environment, tabIndex } = props;
  const trans = useTranslation();
  const { run, openMenu } = useActions();
  const { namespace, name } = environment;
  const build = buildOf(environment);
  return (
    <>
      {build && isActive(build) && !build.cancel_requested && (
        <IconButton
          icon={closeIcon}
          label={trans.__('Cancel the build of %1', name)}
          tabIndex={tabIndex}
          onClick={() => run(CommandIDs.cancelBuild, { build: build.id })}
        />
      )}
      {build?.state === 'failed' && (
        <IconButton
          icon={refreshIcon}
          label={trans.__('Retry the build of %1', name)}
          tabIndex={tabIndex}
          onClick={() => run(CommandIDs.retryBuild, { build: build.id })}
        />
      )}
      {environment.active_version === null && !(build && isActive(build)) && (
        <IconButton
          icon={closeIcon}
          label={trans.__('Dismiss %1', name)}
          tabIndex={tabIndex}
          onClick={() => run(CommandIDs.deleteEnvironment, { namespace, name, dismiss: true })}
        />
      )}
      {environment.active_version !== null && !build && (
        <IconButton
          icon={notebookIcon}
          label={trans.__('Open a notebook with %1', name)}
          tabIndex={tabIndex}
          onClick={() => run(CommandIDs.openNotebook, { namespace, name })}
        />
      )}
      <IconButton
        icon={ellipsesIcon}
        label={trans.__('More actions for %1', name)}
        aria-haspopup="menu"
        tabIndex={tabIndex}
        onClick={event => {
          const box = event.currentTarget.getBoundingClientRect();
          openMenu(environment, box.right, box.bottom);
        }}
      />
    </>
  );
}

/** What a click on the row opens: the build where there is one to tell of, else the packages. */
function opening(environment: IEnvironment): { [name: string]: string | number } {
  const { namespace, name } = environment;
  const build = buildOf(environment);
  if (build) {
    return { namespace, name, tab: 'builds', build: build.id };
  }
  return { namespace, name, tab: environment.active_version === null ? 'builds' : 'packages' };
}
