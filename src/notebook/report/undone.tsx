/**
 * The checks that were not made, each with its reason, and how to have it made where that only takes longer.
 */
import React from 'react';

import type { IUndoneCheck } from '../../api/types';
import { LinkButton } from '../../components/buttons';
import { todoIcon } from '../../components/icons';
import { useTranslation } from '../../components/translation';
import { Fold } from '../../environment/fold';
import type { IReportOptions } from '../../tokens';

interface IReportUndoneProps {
  undone: ReadonlyArray<IUndoneCheck>;
  onCheck: (options: IReportOptions) => void;
}

export function ReportUndone({ undone, onCheck }: IReportUndoneProps): React.ReactElement {
  const trans = useTranslation();
  const offers = {
    verify: trans.__('Check files too'),
    fetch: trans.__('Check addresses too')
  };
  return (
    <Fold title={trans.__('Not checked, %1', undone.length)}>
      <ul>
        {undone.map(({ code, reason, option }) => (
          <li key={code} className="envstore-check">
            <todoIcon.react className="envstore-icon" tag="span" />
            <div className="envstore-muted">
              {reason}
              {option && (
                <>
                  {' '}
                  <LinkButton onClick={() => onCheck({ [option]: true })}>{offers[option]}</LinkButton>
                </>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Fold>
  );
}
