/**
 * The title of the panel and the buttons beside it.
 */
import { addIcon, fileUploadIcon, refreshIcon } from '@jupyterlab/ui-components';
import React from 'react';

import { IconButton } from '../components/buttons';
import { useTranslation } from '../components/translation';
import { CommandIDs } from '../tokens';
import { useActions } from './actions';

export function PanelToolbar(): React.ReactElement {
  const trans = useTranslation();
  const { run } = useActions();
  return (
    <div className="envstore-panel-toolbar" role="toolbar" aria-label={trans.__('Environments')}>
      <h2>{trans.__('Environments')}</h2>
      <span className="envstore-spacer" />
      <IconButton
        icon={addIcon}
        label={trans.__('New environment')}
        onClick={() => run(CommandIDs.newEnvironment)}
      />
      <IconButton
        icon={fileUploadIcon}
        label={trans.__('Import a file')}
        onClick={() => run(CommandIDs.importFile)}
      />
      <IconButton icon={refreshIcon} label={trans.__('Refresh')} onClick={() => run(CommandIDs.refresh)} />
    </div>
  );
}
