/**
 * The newest versions that the channels have of what is asked for: read once, a few at a time.
 */
import { useEffect, useReducer } from 'react';

import { RequestError } from '../api/request';
import type { IEnvStoreClient } from '../tokens';
import { useEnvironmentContext } from './context';

/** Questions that are asked at the same time. */
const AT_ONCE = 4;
/** Milliseconds for which an answer is taken for true. */
const KEPT = 10 * 60_000;

/** Versions of one package, the newest first; empty when no channel has it, or none answers at the moment. */
export type Versions = ReadonlyArray<string>;

export class NewestVersions {
  constructor(
    private readonly client: Pick<IEnvStoreClient, 'package'>,
    private readonly now: () => number = Date.now
  ) {}

  /** What is known by now; null when that was not asked yet. */
  known(name: string, channels: ReadonlyArray<string>): Versions | null {
    return this._answers.get(keyOf(name, channels))?.versions ?? null;
  }

  /** The versions of one package. */
  read(name: string, channels: ReadonlyArray<string>): Promise<Versions> {
    const key = keyOf(name, channels);
    const last = this._answers.get(key);
    if (last && this.now() - last.at < KEPT) {
      return last.reading;
    }
    const reading = this.ask(name, channels).then(
      versions => {
        answer.versions = versions;
        return versions;
      },
      () => {
        // No answer is none to keep: who looks next asks again.
        answer.at = -Infinity;
        return answer.versions ?? [];
      }
    );
    const answer: IAnswer = { at: this.now(), reading, versions: last?.versions ?? null };
    this._answers.set(key, answer);
    return reading;
  }

  private async ask(name: string, channels: ReadonlyArray<string>): Promise<Versions> {
    while (this._busy >= AT_ONCE) {
      await new Promise<void>(done => this._waiting.push(done));
    }
    this._busy++;
    try {
      return (await this.client.package(name, { channel: channels })).versions;
    } catch (error) {
      if (error instanceof RequestError && error.status === 404) {
        return [];
      }
      throw error;
    } finally {
      this._busy--;
      this._waiting.shift()?.();
    }
  }

  private _busy = 0;
  private readonly _waiting: Array<() => void> = [];
  private readonly _answers = new Map<string, IAnswer>();
}

interface IAnswer {
  at: number;
  readonly reading: Promise<Versions>;
  versions: Versions | null;
}

/** What is known of the newest versions of these conda packages; drawn again as answers come. */
export function useNewest(
  names: ReadonlyArray<string>,
  channels: ReadonlyArray<string>
): (name: string) => Versions | null {
  const { newest } = useEnvironmentContext();
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const key = [...channels, '', ...names].join('\n');
  useEffect(() => {
    let isWanted = true;
    for (const name of names) {
      void newest.read(name, channels).then(() => isWanted && redraw());
    }
    return () => {
      isWanted = false;
    };
  }, [key, newest]);
  return name => newest.known(name, channels);
}

function keyOf(name: string, channels: ReadonlyArray<string>): string {
  return [name, ...channels].join(' ');
}
