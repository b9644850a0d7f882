/**
 * What travels between the server and this extension. Written by tools/generate_types.py from the server's schemas:
 * do not edit it.
 */
import type { JSONObject } from '@lumino/coreutils';

/**
 * One build.
 *
 * Attributes
 * ----------
 * version
 *     Number of the version that it made, or None.
 * seconds
 *     Wall time a state took, by state, for those that ended.
 * attempt
 *     1, then 2 after the process that ran it had died.
 * retried_as
 *     The build that repeated this one, or None.
 * sequence
 *     Grows with every change of the row: what an event carries.
 */
export interface IBuild {
  readonly id: number;
  readonly namespace: string;
  readonly name: string;
  readonly kind: 'create' | 'edit' | 'update' | 'import' | 'restore' | 'rebuild' | 'repair' | 'export';
  readonly state:
    'queued' | 'locking' | 'fetching' | 'installing' | 'registering' | 'ready' | 'failed' | 'cancelled';
  readonly progress: IBuildProgress;
  readonly message: string;
  readonly author: string;
  readonly version: number | null;
  readonly error: IErrorReport | null;
  readonly warnings: ReadonlyArray<IErrorReport>;
  readonly seconds: Readonly<Record<string, number>>;
  readonly attempt: number;
  readonly cancel_requested: boolean;
  readonly retried_as: number | null;
  readonly sequence: number;
  readonly created: string;
  readonly started: string | null;
  readonly finished: string | null;
}

export interface IBuildPage {
  readonly items: ReadonlyArray<IBuild>;
  readonly next: string | null;
  readonly total: number;
}

/**
 * How far a build is.
 *
 * Attributes
 * ----------
 * step
 *     Within the state: `solve`, `write-lock`, `download`, `link`, `bytecode`, `verify`, `publish`,
 *     `activate` …; empty before the first.
 * fraction
 *     0 to 1 over the whole build; never runs backwards.
 * done, total
 *     Packages of the current step; total 0 when unknown.
 * bytes_done, bytes_total
 *     Of the downloads.
 */
export interface IBuildProgress {
  readonly step: string;
  readonly fraction: number;
  readonly done: number;
  readonly total: number;
  readonly bytes_done: number;
  readonly bytes_total: number;
}

/**
 * What a build was asked to do; kept with it so that a restart or a retry can do it again.
 *
 * Attributes
 * ----------
 * specification
 *     The environment.yml text.
 * platforms
 *     Platforms to lock for; this machine's is always added. Empty: what the specification says, else the default.
 * message
 *     What the version will be called; may be empty.
 * as_of
 *     Lock as the channels stood then (ISO date or time), or None.
 * lockfile
 *     A conda-lock v1 document to install as it is; nothing is solved then.
 * parent
 *     Number of the version that an edit started from.
 * freed
 *     Names of packages that an update lets move, none for all of them; None when it is no update.
 * activate_over
 *     Number of the version that was active when somebody wanted `parent` active, whose files have to be made
 *     first; it then becomes active unless a third one did. None: nobody wants that.
 */
export interface IBuildRequest {
  readonly specification: string;
  readonly platforms: ReadonlyArray<string>;
  readonly message: string;
  readonly as_of: string | null;
  readonly lockfile: JSONObject | null;
  readonly parent: number | null;
  readonly freed: ReadonlyArray<string> | null;
  readonly activate_over: number | null;
}

/** What to change of an environment. */
export interface IChangeRequest {
  readonly description: string;
}

/** A text to check. */
export interface ICheckRequest {
  readonly specification: string;
}

/** What to create: exactly one of `specification`, `packages` and `path` says what is in it. */
export interface ICreateRequest {
  /** `name` or `namespace/name`; what the specification says when left out. */
  readonly name?: string | null;
  /** The text of an environment.yml. */
  readonly specification?: string | null;
  /** Match specs, such as `python=3.12`. */
  readonly packages?: ReadonlyArray<string> | null;
  /** An environment.yml among the server's contents. */
  readonly path?: string | null;
  /** With `packages`: where to look, the first one first. */
  readonly channels?: ReadonlyArray<string>;
  /** Lock for these too. */
  readonly platforms?: ReadonlyArray<string>;
  /** What this version is for. */
  readonly message?: string;
  /** What the environment is for. */
  readonly description?: string;
  /** Lock as the channels stood then, such as `2026-06-30`. */
  readonly as_of?: string | null;
}

/**
 * One environment with what a list row needs.
 *
 * Attributes
 * ----------
 * state
 *     `building` while a build is active; else that of the active version's prefix (`ready`, `freed`,
 *     `broken`); `failed` when there is no version and the last build failed; `empty` otherwise.
 * active_version
 *     Number, or None before the first build succeeded.
 * package_count, size
 *     Of the active version; `size` in bytes as downloaded.
 * build
 *     The build that is active, else the last one when it failed; None otherwise.
 */
export interface IEnvironment {
  readonly namespace: string;
  readonly name: string;
  readonly description: string;
  readonly state: 'ready' | 'building' | 'failed' | 'freed' | 'broken' | 'empty';
  readonly active_version: number | null;
  readonly package_count: number;
  readonly size: number;
  readonly build: IBuild | null;
  readonly created: string;
  readonly updated: string;
  readonly deleted: string | null;
}

export interface IEnvironmentPage {
  readonly items: ReadonlyArray<IEnvironment>;
  readonly next: string | null;
  readonly total: number;
}

/** An `EnvStoreError` as data. */
export interface IErrorReport {
  readonly message: string;
  readonly code: string;
  readonly details: JSONObject;
}

/**
 * Why one platform has no solution.
 *
 * Attributes
 * ----------
 * platform
 *     The conda subdir that was solved for.
 * summary
 *     One sentence.
 * conflict
 *     The smallest set of the person's own entries (as written) that collide: it has no solution, and without
 *     any one of its members there is one.
 * minimal
 *     False when time ran out before the set was known to be the smallest.
 * reasons
 *     The tree of reasons.
 * relaxations
 *     Changes that were solved and do fit, the mildest first.
 * raw
 *     What the solver said.
 */
export interface IExplanation {
  readonly platform: string;
  readonly summary: string;
  readonly conflict: ReadonlyArray<string>;
  readonly minimal: boolean;
  readonly reasons: ReadonlyArray<IReason>;
  readonly relaxations: ReadonlyArray<IRelaxation>;
  readonly raw: string;
}

/**
 * What a log has from some byte on.
 *
 * Attributes
 * ----------
 * text
 *     Whole lines; empty when there is nothing new.
 * offset
 *     The byte to go on from.
 * ended
 *     Whether the build had ended before this was read. When `text` is empty then, that was all.
 */
export interface ILogPart {
  readonly text: string;
  readonly offset: number;
  readonly ended: boolean;
}

/**
 * One file of a lock, for one platform.
 *
 * Attributes
 * ----------
 * manager
 *     Who installs it.
 * name, version, build
 *     As the channel calls them; `build` is empty for pip.
 * platform
 *     The platform of the lock that the file belongs to; `subdir` is where it lies (`noarch` or the platform).
 * channel
 *     URL of the channel without credentials, no trailing slash; empty for pip.
 * url
 *     Where the file is fetched.
 * md5, sha256
 *     Lower-case hex digests; either may be unknown in a stranger's lock, not both.
 * size
 *     Bytes to download, or None when the lock came without.
 * depends
 *     Match specs, as the channel states them.
 */
export interface IPackage {
  readonly manager: 'conda' | 'pip';
  readonly name: string;
  readonly version: string;
  readonly build: string;
  readonly platform: string;
  readonly subdir: string;
  readonly channel: string;
  readonly url: string;
  readonly md5: string | null;
  readonly sha256: string | null;
  readonly size: number | null;
  readonly license: string | null;
  readonly depends: ReadonlyArray<string>;
}

export interface IPackagePage {
  readonly items: ReadonlyArray<IPackage>;
  readonly next: string | null;
  readonly total: number;
}

/** A node in the tree of reasons: a sentence, and what it rests on. */
export interface IReason {
  readonly text: string;
  readonly because: ReadonlyArray<IReason>;
}

/**
 * A change of the specification that was solved before it is offered.
 *
 * Attributes
 * ----------
 * title
 *     What it means, in words: "Allow a newer Python".
 * remove
 *     The person's own entries (as written) that it takes out.
 * add
 *     The entries that stand instead; empty when the relaxation only removes.
 */
export interface IRelaxation {
  readonly title: string;
  readonly remove: ReadonlyArray<string>;
  readonly add: ReadonlyArray<string>;
}

/**
 * Something about a specification, or about one line of it (from 1).
 *
 * Attributes
 * ----------
 * wrong, correction
 *     A part of that line, and what was probably meant in its place; None where that cannot be told.
 */
export interface IRemark {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly line: number | null;
  readonly wrong: string | null;
  readonly correction: string | null;
}

/** A package that a channel offers: its newest version first in `versions`. */
export interface ISearchResult {
  readonly name: string;
  readonly channel: string;
  readonly versions: ReadonlyArray<string>;
  readonly summary: string;
  readonly subdirs: ReadonlyArray<string>;
}

export interface ISearchResultPage {
  readonly items: ReadonlyArray<ISearchResult>;
  readonly next: string | null;
  readonly total: number;
}

/**
 * A specification as it is understood.
 *
 * Attributes
 * ----------
 * valid
 *     Whether a build of it would be accepted; False as soon as one remark is an error.
 * name, channels, dependencies, pip, platforms
 *     As written; empty when it cannot be read.
 * remarks
 *     Errors first, then by line.
 */
export interface ISpecificationReport {
  readonly valid: boolean;
  readonly name: string | null;
  readonly channels: ReadonlyArray<string>;
  readonly dependencies: ReadonlyArray<string>;
  readonly pip: ReadonlyArray<string>;
  readonly platforms: ReadonlyArray<string>;
  readonly remarks: ReadonlyArray<IRemark>;
}

/**
 * Which program answers, and on which store it works.
 *
 * Attributes
 * ----------
 * version
 *     The version of jupyter_envstore.
 * store
 *     The absolute path of the store's folder.
 * default_namespace, default_channels
 *     As configured.
 * platform
 *     This machine's; None when it is one that cannot be locked for.
 * platforms
 *     All that can be locked for.
 * problem
 *     Why this server cannot run builds at the moment, or None.
 */
export interface IStatus {
  readonly version: string;
  readonly store: string;
  readonly default_namespace: string;
  readonly default_channels: ReadonlyArray<string>;
  readonly platform: string | null;
  readonly platforms: ReadonlyArray<string>;
  readonly problem: IErrorReport | null;
}

/**
 * One immutable version of an environment.
 *
 * Attributes
 * ----------
 * number
 *     1, 2, 3 … per environment; never reused.
 * specification
 *     The environment.yml text that was asked for.
 * parent
 *     Number of the version it was made from, or None.
 * lock
 *     Lock hash: sha256 of the lockfile's canonical JSON.
 * platforms
 *     What the lock covers, sorted.
 * package_count, size
 *     Of the part for the platform it was built on; `size` in bytes as downloaded.
 * prefix_hash, prefix_state, prefix
 *     The content hash of the files on disk, whether they are there, and where (absolute path).
 * warnings
 *     Codes with words, such as `kernel_not_registered`.
 */
export interface IVersion {
  readonly namespace: string;
  readonly name: string;
  readonly number: number;
  readonly active: boolean;
  readonly specification: string;
  readonly message: string;
  readonly author: string;
  readonly created: string;
  readonly pinned: boolean;
  readonly parent: number | null;
  readonly lock: string;
  readonly platforms: ReadonlyArray<string>;
  readonly package_count: number;
  readonly size: number;
  readonly prefix_hash: string | null;
  readonly prefix_state: 'ready' | 'freed' | 'broken';
  readonly prefix: string | null;
  readonly warnings: ReadonlyArray<IErrorReport>;
  readonly deleted: boolean;
}

export interface IVersionPage {
  readonly items: ReadonlyArray<IVersion>;
  readonly next: string | null;
  readonly total: number;
}
