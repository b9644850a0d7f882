/**
 * One check of a report, with the button that puts it right.
 */
import type { LabIcon } from '@jupyterlab/ui-components';
import React, { useId, useState } from 'react';

import type { INotebookCheck, INotebookPlace } from '../../api/types';
import { Button } from '../../components/buttons';
import { doneIcon, failedIcon, warningIcon } from '../../components/icons';
import { useTranslation } from '../../components/translation';
import { repairLabel } from './repairs';

type Grade = INotebookCheck['grade'];

const ICONS: Record<Grade, LabIcon> = { pass: doneIcon, look: warningIcon, fail: failedIcon };
const COLOURS: Record<Grade, string> = { pass: 'ok', look: 'warn', fail: 'error' };

interface IReportCheckProps {
  check: INotebookCheck;
  /** @param place - Which of several places is meant, where they are shown one after the other. */
  onRepair: (place?: INotebookPlace) => void;
}

export function ReportCheck({ check, onRepair }: IReportCheckProps): React.ReactElement {
  const trans = useTranslation();
  const title = useId();
  const [shown, setShown] = useState(0);
  const { grade, detail, places = [], repair: offered } = check;
  const Icon = ICONS[grade];
  const words = { pass: trans.__('passed'), look: trans.__('to look at'), fail: trans.__('failed') };
  const onClick = (): void => {
    onRepair(places[shown % Math.max(1, places.length)]);
    setShown(shown + 1);
  };
  return (
    <li className="envstore-check">
      <Icon.react className={`envstore-icon envstore-icon-${COLOURS[grade]}`} tag="span" />
      <div>
        <span className="envstore-sr">{words[grade]}: </span>
        <span id={title}>{check.title}</span>
        {detail && <small>{detail}</small>}
      </div>
      {offered && (
        <Button aria-describedby={title} onClick={onClick}>
          {repairLabel(offered, trans)}
        </Button>
      )}
    </li>
  );
}
