/**
 * The icons that JupyterLab does not have already.
 */
import { LabIcon } from '@jupyterlab/ui-components';

import diskSvg from '../../style/icons/disk.svg';
import doneSvg from '../../style/icons/done.svg';
import environmentsSvg from '../../style/icons/environments.svg';
import failedSvg from '../../style/icons/failed.svg';
import ideaSvg from '../../style/icons/idea.svg';
import pinSvg from '../../style/icons/pin.svg';
import reportSvg from '../../style/icons/report.svg';
import todoSvg from '../../style/icons/todo.svg';
import warningSvg from '../../style/icons/warning.svg';

/** A stack of layers: versions lie on each other. */
export const environmentsIcon = new LabIcon({ name: 'envstore:environments', svgstr: environmentsSvg });

/** What lies on the disk. */
export const diskIcon = new LabIcon({ name: 'envstore:disk', svgstr: diskSvg });

/** A disc with a tick: something is well. */
export const doneIcon = new LabIcon({ name: 'envstore:done', svgstr: doneSvg });

/** A crossed disc: something failed. */
export const failedIcon = new LabIcon({ name: 'envstore:failed', svgstr: failedSvg });

/** A bulb: something that one can do. */
export const ideaIcon = new LabIcon({ name: 'envstore:idea', svgstr: ideaSvg });

/** A pin: something is held where it is. */
export const pinIcon = new LabIcon({ name: 'envstore:pin', svgstr: pinSvg });

/** A sheet with a tick: what was looked at, one thing after the other. */
export const reportIcon = new LabIcon({ name: 'envstore:report', svgstr: reportSvg });

/** An empty ring: something that is still to come, or is not there. */
export const todoIcon = new LabIcon({ name: 'envstore:todo', svgstr: todoSvg });

/** A triangle: something to look at. */
export const warningIcon = new LabIcon({ name: 'envstore:warning', svgstr: warningSvg });
