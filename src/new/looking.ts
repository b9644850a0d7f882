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
  const { lockfile, allowed } = draft;
  const look = useCallback(
    (_question: string, signal: AbortSignal) =>
      client.lookInto({ lockfile: lockfile!.text, file: lockfile!.file || null }, signal),
    [client, lockfile]
  );
  const measure = useCallback(
    (question: string, signal: AbortSignal) =>
      client.lookInto(
        { lockfile: lockfile!.text, sizes: true, allow_channels: question.split(' ').slice(2) },
        signal
      ),
    [client, lockfile]
  );
  const asked = lockfile ? `look ${lockfile.id}` : '';
  const looked = useAnswer(asked, look, 0);
  // What was said of the file before is no answer for this one.
  const { answer: report, error } = looked.question === asked ? looked : { answer: null, error: null };
  const file = lockfile && report ? `sizes ${lockfile.id}` : '';
  const measured = useAnswer(file && [file, ...allowed].join(' '), measure, SIZES_DELAY);
  const sizes = file && `${measured.question} `.startsWith(`${file} `) ? measured.answer : null;

  const suggested = report?.name;
  useEffect(() => {
    if (suggested) {
      draft.suggestName(suggested);
    }
  }, [draft, suggested, lockfile]);

  const strange = report?.channels.filter(channel => !channel.configured && channel.allowable) ?? [];
  const obstacles = (report?.remarks ?? [])
    .filter(remark => remark.severity === 'error' && remark.code !== 'channel_not_allowed')
    .map(remark => remark.message);
  return {
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
