/**
 * A file that a new environment is made from as it is, and what is chosen for it.
 */

/** A file that is taken as it is, a lockfile or one of pip's, and what it is called. */
export interface IGivenFile {
  readonly text: string;
  readonly file: string;
  /** Another one for each file that is taken, be it the same again. */
  readonly id: number;
}

/** What a person chose for such a file. */
export interface IChosen {
  /** Which environment of a pixi.lock; empty for the one that is taken anyway. */
  readonly environment: string;
  /** With a file of pip: the Python that was asked for; empty for the one that it says. */
  readonly python: string;
  /** The channels that a lockfile may take packages from although the store does not use them. */
  readonly allowed: ReadonlyArray<string>;
}

export const NOTHING_CHOSEN: IChosen = { environment: '', python: '', allowed: [] };
