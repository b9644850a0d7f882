/**
 * Icons of the tab. The host's own stop icon does not scale.
 */
import { LabIcon } from '@jupyterlab/ui-components';

import backSvg from '../../style/icons/back.svg';
import stopSvg from '../../style/icons/stop.svg';

/** A square: stop what goes on. */
export const stopIcon = new LabIcon({ name: 'envstore:stop', svgstr: stopSvg });

/** An arrow head to the left: back to where one came from. */
export const backIcon = new LabIcon({ name: 'envstore:back', svgstr: backSvg });
