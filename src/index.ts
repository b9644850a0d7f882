/**
 * What JupyterLab loads: the plugins, and what other extensions may import.
 */
import { clientPlugin } from './plugins/client';
import { panelPlugin } from './plugins/panel';

export * from './tokens';

export default [clientPlugin, panelPlugin];
