/**
 * Icons of the tab. The host's own stop icon does not scale.
 */
import { LabIcon } from '@jupyterlab/ui-components';

import stopSvg from '../../style/icons/stop.svg';

/** A square: stop what goes on. */
export const stopIcon = new LabIcon({ name: 'envstore:stop', svgstr: stopSvg });
