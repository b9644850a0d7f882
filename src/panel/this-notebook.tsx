/**
 * What the notebook in front runs on, and what it carries.
 */
import { notebookIcon } from '@jupyterlab/ui-components';
import React from 'react';

import { Button, LinkButton } from '../components/buttons';
import { useTranslation } from '../components/translation';
import { useSignal } from '../components/use-model';
import type { CurrentNotebook } from '../model/current-notebook';
import { actionsOf } from '../notebook/standing/actions';
import { StandingMark } from '../notebook/standing/card';
import { panelWords } from '../notebook/standing/words';
import type { INotebookStanding } from '../tokens';
import { useActions } from './actions';

interface IThisNotebookProps {
  notebook: CurrentNotebook;
  /** How the report on it came out. */
  reported?: React.ReactNode;
}

export function ThisNotebook({ notebook, reported }: IThisNotebookProps): React.ReactElement {
  const trans = useTranslation();
  useSignal(notebook.changed);
  const { name, standing } = notebook;
  return (
    <div className="envstore-panel-foot">
      <section className="envstore-section" aria-labelledby="envstore-this-notebook">
        <h3 className="envstore-section-title" id="envstore-this-notebook">
          {trans.__('This notebook')}
        </h3>
        {name === null || standing === null ? (
          <p className="envstore-muted">{trans.__('Open a notebook to see what it runs on.')}</p>
        ) : (
          <Facts standing={standing} name={name} reported={reported} />
        )}
      </section>
    </div>
  );
}

interface IFactsProps extends Pick<IThisNotebookProps, 'reported'> {
  standing: INotebookStanding;
  name: string;
}

function Facts({ standing, name, reported }: IFactsProps): React.ReactElement {
  const trans = useTranslation();
  const { run, has } = useActions();
  const { kernel } = standing;
  const { mark, text } = panelWords(standing, trans);
  const { mend, report, change } = actionsOf(standing, trans);
  const [first] = mend.filter(({ command }) => has(command));
  const buttons = [...(first ? [first] : []), report, change].filter(({ command }) => has(command));
  return (
    <>
      <div className="envstore-fact">
        <notebookIcon.react className="envstore-icon" tag="span" />
        <span className="envstore-clip" title={name}>
          {name}
        </span>
      </div>
      <div className="envstore-fact envstore-fact-text">
        <StandingMark mark={mark} />
        <span className={mark === 'none' ? 'envstore-muted' : undefined}>{text}</span>
      </div>
      {kernel?.newer && (
        <p className="envstore-fact-more">
          {trans.__('Version %1 is active: restart the kernel to use it.', kernel.newer)}{' '}
          <LinkButton onClick={() => run('notebook:restart-kernel')}>{trans.__('Restart')}</LinkButton>
        </p>
      )}
      {reported}
      <div className="envstore-actions">
        {buttons.map(({ label, command, args }) => (
          <Button key={label} onClick={() => run(command, args)}>
            {label}
          </Button>
        ))}
      </div>
    </>
  );
}
