/**
 * Reads the log of a build, and goes on while the build does.
 */
import { useEffect, useRef, useState } from 'react';

import { RequestError } from '../api/request';
import { isActive, type IBuild } from '../api/types';
import { useEnvironmentContext } from './context';
import { LogReader, type ILogLine } from './log-lines';

const POLL = 1000;

export interface ILog {
  readonly lines: ReadonlyArray<ILogLine>;
  readonly text: string;
}

export function useLog(build: IBuild): ILog {
  const { client } = useEnvironmentContext();
  const [log, setLog] = useState<ILog>({ lines: [], text: '' });
  const id = build.id;
  const goesOn = useRef(true);
  goesOn.current = isActive(build);

  useEffect(() => {
    const reader = new LogReader();
    let offset = 0;
    let isWanted = true;
    let timer = 0;
    setLog({ lines: [], text: '' });
    const read = async (): Promise<void> => {
      let isComplete = false;
      try {
        const part = await client.log(id, offset);
        offset = part.offset;
        isComplete = part.ended && part.text === '';
        if (isWanted && part.text) {
          reader.add(part.text);
          setLog({ lines: reader.lines, text: reader.text });
        }
        if (isWanted && part.text) {
          timer = window.setTimeout(() => void read(), goesOn.current ? POLL / 2 : 0);
          return;
        }
      } catch (error) {
        // The server is away: the panel says so, and the log goes on when it is back. One that is gone does not.
        isComplete = error instanceof RequestError && error.status === 404;
      }
      if (isWanted && !isComplete) {
        timer = window.setTimeout(() => void read(), POLL);
      }
    };
    void read();
    return () => {
      isWanted = false;
      window.clearTimeout(timer);
    };
  }, [client, id]);
  return log;
}
