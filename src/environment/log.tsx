/**
 * The log of a build. It follows its end until somebody scrolls up.
 */
import { Clipboard } from '@jupyterlab/apputils';
import { copyIcon, downloadIcon } from '@jupyterlab/ui-components';
import React, { useLayoutEffect, useRef, useState } from 'react';

import type { IBuild } from '../api/types';
import { IconButton } from '../components/buttons';
import { formatDuration } from '../components/formatting';
import { saveText } from '../components/saving';
import { useTranslation } from '../components/translation';
import { useLog } from './use-log';

/** Lines that are drawn; of a longer log the last ones. All of it can be copied and saved. */
const DRAWN = 2000;
/** So near to the end, in pixels, counts as being there. */
const NEAR = 8;

export function Log(props: { build: IBuild }): React.ReactElement {
  const { build } = props;
  const trans = useTranslation();
  const log = useLog(build);
  const [follows, setFollows] = useState(true);
  const box = useRef<HTMLDivElement>(null);
  const skipped = Math.max(0, log.lines.length - DRAWN);

  useLayoutEffect(() => {
    if (follows && box.current) {
      box.current.scrollTop = box.current.scrollHeight;
    }
  }, [follows, log.lines]);

  const onScroll = (): void => {
    const { scrollTop, scrollHeight, clientHeight } = box.current!;
    setFollows(scrollHeight - scrollTop - clientHeight <= NEAR);
  };
  return (
    <>
      <div className="envstore-loghead">
        <span className="envstore-small envstore-strong">{trans.__('Log')}</span>
        <span className="envstore-spacer" />
        <label className="envstore-checkbox envstore-small">
          <input
            type="checkbox"
            checked={follows}
            onChange={event => setFollows(event.currentTarget.checked)}
          />
          {trans.__('Follow')}
        </label>
        <IconButton
          icon={copyIcon}
          label={trans.__('Copy the log')}
          onClick={() => Clipboard.copyToSystem(log.text)}
        />
        <IconButton
          icon={downloadIcon}
          label={trans.__('Save the log')}
          onClick={() => saveText(`${build.namespace}-${build.name}-${build.id}.log`, log.text)}
        />
      </div>
      <div
        ref={box}
        className="envstore-log"
        role="log"
        aria-label={trans.__('Build log')}
        tabIndex={0}
        onScroll={onScroll}
      >
        {skipped > 0 && (
          <p className="envstore-muted">
            {trans._n(
              '%1 line is above. Save the log to read it.',
              '%1 lines are above. Save the log to read them.',
              skipped
            )}
          </p>
        )}
        {log.lines.slice(skipped).map((line, index) => (
          <div key={skipped + index}>
            <span>{line.seconds === null ? '' : formatDuration(line.seconds)}</span>
            <span>{line.text}</span>
          </div>
        ))}
      </div>
    </>
  );
}
