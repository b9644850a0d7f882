/**
 * The icons that JupyterLab does not have already.
 */
import { LabIcon } from '@jupyterlab/ui-components';

import diskSvg from '../../style/icons/disk.svg';
import environmentsSvg from '../../style/icons/environments.svg';

/** A stack of layers: versions lie on each other. */
export const environmentsIcon = new LabIcon({ name: 'envstore:environments', svgstr: environmentsSvg });

/** What lies on the disk. */
export const diskIcon = new LabIcon({ name: 'envstore:disk', svgstr: diskSvg });
