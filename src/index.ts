/**
 * What JupyterLab loads: the plugins, and what other extensions may import.
 */
import { clientPlugin, modelPlugin } from './plugins/client';
import { commandsPlugin } from './plugins/commands';
import { embedOnSavePlugin } from './plugins/embed-on-save';
import { environmentPlugin } from './plugins/environment';
import { newPlugin } from './plugins/new';
import { notebookReportPlugin } from './plugins/notebook-report';
import { notebookToolbarPlugin } from './plugins/notebook-toolbar';
import { notebooksPlugin } from './plugins/notebooks';
import { offersPlugin } from './plugins/offers';
import { panelPlugin } from './plugins/panel';
import { restorePlugin } from './plugins/restore';

export * from './tokens';

export default [
  clientPlugin,
  modelPlugin,
  commandsPlugin,
  environmentPlugin,
  newPlugin,
  notebooksPlugin,
  notebookReportPlugin,
  notebookToolbarPlugin,
  embedOnSavePlugin,
  restorePlugin,
  offersPlugin,
  panelPlugin
];
