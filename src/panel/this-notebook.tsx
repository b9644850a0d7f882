/**
 * What the notebook in front runs on.
 */
import { notebookIcon } from '@jupyterlab/ui-components';
import React from 'react';

import { Button, LinkButton } from '../components/buttons';
import { doneIcon, todoIcon } from '../components/icons';
import { useTranslation } from '../components/translation';
import { useSignal } from '../components/use-model';
import type { CurrentNotebook } from '../model/current-notebook';
import { useActions } from './actions';

export function ThisNotebook({ notebook }: { notebook: CurrentNotebook }): React.ReactElement {
  const trans = useTranslation();
  useSignal(notebook.changed);
  return (
    <div className="envstore-panel-foot">
      <section className="envstore-section" aria-labelledby="envstore-this-notebook">
        <h3 className="envstore-section-title" id="envstore-this-notebook">
          {trans.__('This notebook')}
        </h3>
        {notebook.name === null ? (
          <p className="envstore-muted">{trans.__('Open a notebook to see what it runs on.')}</p>
        ) : (
          <Facts notebook={notebook} name={notebook.name} />
        )}
      </section>
    </div>
  );
}

function Facts({ notebook, name }: { notebook: CurrentNotebook; name: string }): React.ReactElement {
  const trans = useTranslation();
  const { run } = useActions();
  const { kernel } = notebook;
  const isCurrent = Boolean(kernel?.environment && !kernel.newer);
  const Icon = isCurrent ? doneIcon : todoIcon;
  return (
    <>
      <div className="envstore-fact">
        <notebookIcon.react className="envstore-icon" tag="span" />
        <span className="envstore-clip" title={name}>
          {name}
        </span>
      </div>
      <div className="envstore-fact">
        <Icon.react className={`envstore-icon${isCurrent ? ' envstore-icon-ok' : ''}`} tag="span" />
        <span className="envstore-clip envstore-muted" title={kernel?.title}>
          {kernel ? trans.__('Runs on %1', kernel.title) : trans.__('Has no kernel')}
        </span>
      </div>
      {kernel?.newer && (
        <p className="envstore-fact-more">
          {trans.__('Version %1 is active: restart the kernel to use it.', kernel.newer)}{' '}
          <LinkButton onClick={() => run('notebook:restart-kernel')}>{trans.__('Restart')}</LinkButton>
        </p>
      )}
      <div className="envstore-actions">
        <Button onClick={() => run('notebook:change-kernel')}>{trans.__('Change…')}</Button>
      </div>
    </>
  );
}
