/**
 * The mark that says in which state an environment or build is: by its shape, its colour, and its word.
 */
import React from 'react';

import { failedIcon } from './icons';
import { useTranslation } from './translation';

/** What a mark can say. */
export type Mark = 'ready' | 'busy' | 'waiting' | 'failed' | 'away' | 'cancelled';

/** The length of the ring's circle, whose radius is 5.5. */
const CIRCLE = 34.56;
/** So much of the ring shows at the least, so that a build that has just begun looks like one. */
const LEAST = 0.06;

export function StateMark({ mark, fraction = 0 }: { mark: Mark; fraction?: number }): React.ReactElement {
  const trans = useTranslation();
  const word = {
    ready: trans.__('ready'),
    busy: trans.__('building'),
    waiting: trans.__('waiting'),
    failed: trans.__('failed'),
    away: trans.__('not on disk'),
    cancelled: trans.__('cancelled')
  }[mark];
  const shape = mark === 'waiting' || mark === 'cancelled' ? 'away' : mark;
  return (
    <span className={`envstore-state envstore-state-${shape}`} role="img" aria-label={word} title={word}>
      {mark === 'busy' && (
        <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
          <circle cx="8" cy="8" r="5.5" />
          <circle
            cx="8"
            cy="8"
            r="5.5"
            strokeDasharray={`${(Math.max(LEAST, fraction) * CIRCLE).toFixed(1)} ${CIRCLE}`}
          />
        </svg>
      )}
      {mark === 'failed' && <failedIcon.react className="envstore-icon envstore-icon-error" tag="span" />}
    </span>
  );
}
