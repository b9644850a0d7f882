/**
 * The builds that were read, by id. Old news never replaces newer, a bar never runs backwards, and a cancel shows at
 * once. Knows nothing of HTTP.
 */
import { isActive, type IBuild, type IEnvironment } from '../api/types';

/** What a reading of a build changed. */
export type News = 'nothing' | 'changed' | 'ended';

export class BuildBook {
  /** A build as it is to be shown. */
  get(id: number): IBuild | undefined {
    return this._builds.get(id);
  }

  /** An environment with the latest reading of its build. */
  update(environment: IEnvironment): IEnvironment {
    const build = environment.build && this._builds.get(environment.build.id);
    return build && build.sequence >= environment.build!.sequence ? { ...environment, build } : environment;
  }

  /** The builds that still go on. */
  active(): IBuild[] {
    return [...this._builds.values()].filter(isActive);
  }

  /** When the last reading of a build was taken, in milliseconds; 0 when none was. */
  takenAt(id: number): number {
    return this._takenAt.get(id) ?? 0;
  }

  /**
   * Take the reading of a build.
   *
   * @returns `ended` when it was known to go on and does not any more.
   */
  take(build: IBuild, now: number): News {
    this._takenAt.set(build.id, now);
    const known = this._builds.get(build.id);
    if (known && build.sequence < known.sequence) {
      return 'nothing';
    }
    if (!isActive(build)) {
      this._cancelling.delete(build.id);
    }
    const shown = this.withCancel(known ? forward(known, build) : build);
    if (known && known.sequence === build.sequence && known.cancel_requested === shown.cancel_requested) {
      return 'nothing';
    }
    this._builds.set(build.id, shown);
    return known && isActive(known) && !isActive(build) ? 'ended' : 'changed';
  }

  /** Show a build as being cancelled, before the server knows. */
  beginCancel(id: number): void {
    this._cancelling.add(id);
    const build = this._builds.get(id);
    if (build && isActive(build)) {
      this._before.set(id, build.cancel_requested);
      this._builds.set(id, this.withCancel(build));
    }
  }

  /** The server has heard of the cancel (then its readings say so themselves), or has refused it. */
  endCancel(id: number, accepted: boolean): void {
    this._cancelling.delete(id);
    const build = this._builds.get(id);
    if (!accepted && build) {
      this._builds.set(id, { ...build, cancel_requested: this._before.get(id) ?? false });
    }
    this._before.delete(id);
  }

  /** Forget a build that the server does not know. */
  drop(id: number): void {
    this._builds.delete(id);
  }

  private withCancel(build: IBuild): IBuild {
    return this._cancelling.has(build.id) && isActive(build) ? { ...build, cancel_requested: true } : build;
  }

  private readonly _builds = new Map<number, IBuild>();
  private readonly _takenAt = new Map<number, number>();
  private readonly _cancelling = new Set<number>();
  private readonly _before = new Map<number, boolean>();
}

/** The later reading with the greater fraction of the two; a new attempt begins anew. */
function forward(known: IBuild, build: IBuild): IBuild {
  if (known.attempt !== build.attempt || known.progress.fraction <= build.progress.fraction) {
    return build;
  }
  return { ...build, progress: { ...build.progress, fraction: known.progress.fraction } };
}
