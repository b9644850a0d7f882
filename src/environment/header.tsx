/**
 * The head of the tab: which environment it is, what is active, and what one does most.
 */
import { ellipsesIcon, notebookIcon, shareIcon } from '@jupyterlab/ui-components';
import React from 'react';

import type { IEnvironment } from '../api/types';
import { Button, IconButton } from '../components/buttons';
import { formatBytes, sizeTitle } from '../components/formatting';
import { useTranslation } from '../components/translation';
import { useSignal } from '../components/use-model';
import { useEnvironmentContext } from './context';
import { runningText } from './kernel-text';
import { Offered } from './offered';
import type { Place } from './place';

interface IHeaderProps {
  environment: IEnvironment;
  /** Whether its button is the main one of the screen. */
  isMain: boolean;
  place: Place;
}

export function Header(props: IHeaderProps): React.ReactElement {
  const { environment, isMain, place } = props;
  const { kernels, actions } = useEnvironmentContext();
  const trans = useTranslation();
  useSignal(kernels.changed);
  const { namespace, name, active_version: active, state } = environment;
  const hasKernel = kernels.has(namespace, name);
  const running = kernels.running(namespace, name);
  return (
    <>
      <header className="envstore-head">
        <h1 className="envstore-clip" title={`${namespace}/${name}`}>
          <span>{namespace} / </span>
          {name}
        </h1>
        <div className="envstore-head-facts">
          {active === null ? (
            <span>{trans.__('no version yet')}</span>
          ) : (
            <>
              <span className="envstore-chip jp-mod-active">{trans.__('v%1 active', active)}</span>
              <span>{trans._n('%1 package', '%1 packages', environment.package_count)}</span>
              <span title={sizeTitle(trans)}>{trans.__('%1 download', formatBytes(environment.size))}</span>
              <span>{hasKernel ? runningText(running, active, trans) : trans.__('no kernel')}</span>
              {state === 'freed' && <span>{trans.__('not on disk')}</span>}
              {state === 'broken' && <span className="envstore-error">{trans.__('damaged')}</span>}
            </>
          )}
        </div>
        <span className="envstore-spacer" />
        {active !== null && (
          <Button
            icon={notebookIcon}
            look={isMain ? 'accept' : 'plain'}
            disabled={!hasKernel}
            title={
              hasKernel
                ? trans.__('Open a new notebook on %1', name)
                : trans.__('%1 has no kernel: add ipykernel, or another kernel, to its packages', name)
            }
            onClick={() => actions.openNotebook(namespace, name)}
          >
            {trans.__('Open notebook')}
          </Button>
        )}
        {active !== null && (
          <Button
            icon={shareIcon}
            title={trans.__('Give %1 to others, or build it elsewhere', name)}
            onClick={() => place.go('share')}
          >
            {trans.__('Share')}
          </Button>
        )}
        <IconButton
          icon={ellipsesIcon}
          label={trans.__('More actions for %1', name)}
          aria-haspopup="menu"
          onClick={event => actions.openMenu(environment, event.currentTarget.getBoundingClientRect())}
        />
      </header>
      <Offered environment={environment} onCompare={sides => place.compare(sides)} />
    </>
  );
}
