/**
 * What the panel shows before there is an environment: what one is, and the two ways to make one.
 */
import { addIcon, fileUploadIcon, type LabIcon } from '@jupyterlab/ui-components';
import React from 'react';

import { environmentsIcon } from '../components/icons';
import { useTranslation } from '../components/translation';
import { CommandIDs } from '../tokens';
import { useActions } from './actions';

export function FirstRun(): React.ReactElement {
  const trans = useTranslation();
  const { run } = useActions();
  return (
    <div className="envstore-first">
      <environmentsIcon.react className="envstore-icon" tag="span" />
      <h3>{trans.__('No environments yet')}</h3>
      <p>
        {trans.__(
          'An environment is a set of packages with its own kernel. Each change makes a new version, so you can always go back.'
        )}
      </p>
      <Choice
        icon={addIcon}
        title={trans.__('Create from packages')}
        text={trans.__('Name what you need, such as python 3.12 and pandas. The rest is worked out.')}
        onClick={() => run(CommandIDs.newEnvironment)}
      />
      <Choice
        icon={fileUploadIcon}
        title={trans.__('Import a file')}
        text={trans.__('An environment.yml or a conda-lock.yml. You can drop it here.')}
        onClick={() => run(CommandIDs.importFile)}
      />
    </div>
  );
}

function Choice(props: {
  icon: LabIcon;
  title: string;
  text: string;
  onClick: () => void;
}): React.ReactElement {
  return (
    <button className="envstore-choice" type="button" onClick={props.onClick}>
      <props.icon.react className="envstore-icon" tag="span" />
      <span>{props.title}</span>
      <span>{props.text}</span>
    </button>
  );
}
