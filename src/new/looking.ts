/**
 * What the server says of a lockfile: at first what is in it, then how large that is, for which it asks the channels.
 */
import { useCallback, useEffect } from 'react';

import { toReport } from '../api/request';
import type { IErrorReport, ILockfileChannel, ILockfileReport } from '../api/types';
import type { IEnvStoreClient } from '../tokens';
import type { NewDraft } from './draft';
import { useAnswer } from './search';

/** Between a change of what is allowed and the next question for sizes, in milliseconds. */
const SIZES_DELAY = 200;

/** What is known of a draft's lockfile. */
export interface ILooked {
  /** The names of its environments, if it has any; they stay while another one is read. */
  readonly environments: ReadonlyArray<string>;
  /** Which of them is looked at; empty where none can be taken before one is chosen. */
  readonly environment: string;
  /** Null while it is read, and when it cannot be. */
  readonly report: ILockfileReport | null;
  /** Why it cannot be read. */
  readonly error: IErrorReport | null;
  /** Bytes to download; null as long as that is not known. */
  readonly size: number | null;
  /** How many packages are not counted in that, because their channel does not say. */
  readonly unmeasured: number;
  /** Channels that the store does not use. */
  readonly strange: ReadonlyArray<ILockfileChannel>;
  /** What is in the way and cannot be allowed. */
  readonly obstacles: ReadonlyArray<string>;
  /** What is found out before anything is built. */
  readonly open: ReadonlyArray<string>;
  /** Whether an environment can be made from it. */
  readonly isReady: boolean;
}

/** Look into the lockfile of the draft, where it has one. */
export function useLooked(draft: NewDraft, client: IEnvStoreClient): ILooked {
  const { lockfile, environment, allowed } = draft;
  const look = useCallback(
    (_question: string, signal: AbortSignal) =>
      client.lookInto(
        { lockfile: lockfile!.text, file: lockfile!.file || null, environment: environment || null },
        signal
      ),
    [client, lockfile, environment]
  );
  const measure = useCallback(
    (question: string, signal: AbortSignal) =>
      client.lookInto(
        {
          lockfile: lockfile!.text,
          environment: environment || null,
          sizes: true,
          allow_channels: question.split(' ').slice(2)
        },
        signal
      ),
    [client, lockfile, environment]
  );
  const part = lockfile ? `${lockfile.id}/${encodeURIComponent(environment)}` : '';
  const asked = part && `look ${part}`;
  const looked = useAnswer(asked, look, 0);
  // What was said of the file before, or of another of its environments, is no answer for this one.
  const { answer: report, error } = looked.question === asked ? looked : { answer: null, error: null };
  const file = report ? `sizes ${part}` : '';
  const measured = useAnswer(file && [file, ...allowed].join(' '), measure, SIZES_DELAY);
  const sizes = file && `${measured.question} `.startsWith(`${file} `) ? measured.answer : null;

  const suggested = report?.name;
  useEffect(() => {
    if (suggested) {
      draft.suggestName(suggested);
    }
  }, [draft, suggested, lockfile]);

  const isOfThisFile = lockfile !== null && looked.question.startsWith(`look ${lockfile.id}/`);
  const strange = report?.channels.filter(channel => !channel.configured && channel.allowable) ?? [];
  const obstacles = (report?.remarks ?? [])
    .filter(remark => remark.severity === 'error' && remark.code !== 'channel_not_allowed')
    .map(remark => remark.message);
  return {
    environments: isOfThisFile ? namesIn(looked.answer, looked.error) : [],
    environment: environment || (report?.environment ?? ''),
    report,
    error: error ? toReport(error) : null,
    size: sizes?.size ?? null,
    unmeasured: sizes?.packages.filter(item => item.size === null).length ?? 0,
    strange,
    obstacles,
    open: (report?.findings ?? [])
      .filter(({ severity }) => severity !== 'error')
      .map(({ message }) => message),
    isReady:
      report !== null && obstacles.length === 0 && strange.every(channel => allowed.includes(channel.url))
  };
}

/** The names that the server told, also where what was asked for cannot be read. */
function namesIn(report: ILockfileReport | null, error: Error | null): ReadonlyArray<string> {
  const told: unknown = report?.environments ?? (error && toReport(error).details.environments);
  return Array.isArray(told) ? told.filter(name => typeof name === 'string') : [];
}
