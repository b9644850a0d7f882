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
 *     Within the state: `read-lock`, `solve`, `write-lock`, `wheels`, `download`, `link`, `link-wheels`,
 *     `bytecode`, `verify`, `publish`, `activate` …; empty before the first.
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
 * attempted
 *     Platforms that had no solution before: they are covered when they have one now, and told when not.
 * virtual_packages
 *     By platform: all that its machines offer, as the person stated it; others as detected, configured or usual.
 * message
 *     What the version will be called; may be empty.
 * as_of
 *     Lock as the channels stood then (ISO date or time), or None.
 * allow_source
 *     Names of packages of pip whose own code may be run to build them.
 * local_wheels
 *     The `file://` addresses of wheels that the person named on this machine.
 * lockfile
 *     A conda-lock v1 document to install as it is; nothing is solved then.
 * allow_channels
 *     What a lockfile from outside may take packages from besides what the store uses, as the person allowed it.
 * parent
 *     Number of the version that an edit started from.
 * freed
 *     Names of packages that an update lets move, none for all of them; None when it is no update.
 * activate
 *     Whether the version becomes active. Otherwise it waits, and that there is nothing new is no failure.
 * activate_over
 *     Number of the version that was active when somebody wanted `parent` active, whose files have to be made
 *     first; it then becomes active unless a third one did. None: nobody wants that.
 */
export interface IBuildRequest {
  readonly specification: string;
  readonly platforms: ReadonlyArray<string>;
  readonly attempted: ReadonlyArray<string>;
  readonly virtual_packages: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly message: string;
  readonly as_of: string | null;
  readonly allow_source: ReadonlyArray<string>;
  readonly local_wheels: ReadonlyArray<string>;
  readonly lockfile: JSONObject | null;
  readonly allow_channels: ReadonlyArray<string>;
  readonly parent: number | null;
  readonly freed: ReadonlyArray<string> | null;
  readonly activate: boolean;
  readonly activate_over: number | null;
}

/** What a cache holds; `unshared` is what no version shares with it, so that it costs room of its own. */
export interface ICacheUsage {
  readonly size: number;
  readonly unshared: number;
}

/** What to change of an environment; what is left out stays. */
export interface IChangeRequest {
  readonly description?: string | null;
  /** The version that its kernel is to start. */
  readonly active_version?: number | null;
  /** How often an update is prepared, to be looked at. */
  readonly schedule?: 'off' | 'weekly' | null;
}

/** What to change of a version; what is left out stays. */
export interface IChangeVersionRequest {
  /** Whether it is kept from ever being collected. */
  readonly pinned?: boolean | null;
  /** What it is for. */
  readonly message?: string | null;
}

/** A text to check. */
export interface ICheckRequest {
  readonly specification: string;
}

/** An environment to be made from a version of another one. */
export interface ICloneRequest {
  /** Of the new one: `name` or `namespace/name`. */
  readonly name: string;
  /** The version to take; the active one when left out. */
  readonly version?: number | null;
}

/** Whether to free space, or only to say what could be freed. */
export interface ICollectRequest {
  /** Remove nothing. */
  readonly dry_run?: boolean;
}

/**
 * One thing that was freed, or would be.
 *
 * Attributes
 * ----------
 * name
 *     `namespace/name@number` for a version, `namespace/name` for an environment, else words or a file's name.
 * size
 *     Bytes that its own freeing gives back; what it shares with other things that go stands at those.
 * count
 *     How many things, where several are listed as one.
 */
export interface ICollected {
  readonly kind:
    'version' | 'files' | 'packages' | 'bytecode' | 'metadata' | 'leftovers' | 'logs' | 'environment';
  readonly name: string;
  readonly size: number;
  readonly count: number;
}

/**
 * What freeing disk did, or would do.
 *
 * Attributes
 * ----------
 * dry_run
 *     Nothing was changed.
 * freed
 *     Bytes, altogether.
 * disk_free
 *     Bytes free on the file system afterwards; now, for a dry run.
 * collected
 *     What went, or would go.
 * kept
 *     Versions on disk that stay.
 * notes
 *     What a person should know: what could not be looked at, what stays although nobody needs it.
 */
export interface ICollection {
  readonly dry_run: boolean;
  readonly freed: number;
  readonly disk_free: number;
  readonly collected: ReadonlyArray<ICollected>;
  readonly kept: ReadonlyArray<IKept>;
  readonly notes: ReadonlyArray<string>;
}

/**
 * Two versions side by side.
 *
 * Attributes
 * ----------
 * platforms
 *     By platform that both cover: this machine's first.
 * platforms_added, platforms_removed
 *     What only one of them covers.
 * specification_diff
 *     A unified diff of the two texts; empty when they are the same.
 */
export interface IComparison {
  readonly before: ISide;
  readonly after: ISide;
  readonly platforms: ReadonlyArray<IPlatformChanges>;
  readonly platforms_added: ReadonlyArray<string>;
  readonly platforms_removed: ReadonlyArray<string>;
  readonly specification_diff: string;
}

/**
 * What to create: exactly one of `specification`, `packages`, `path` and `lockfile` says what is in it.
 *
 * A `lockfile` may have the `specification` that it was locked from beside it.
 */
export interface ICreateRequest {
  /** `name` or `namespace/name`; when left out, what the specification or the lockfile's file says. */
  readonly name?: string | null;
  /** The text of an environment.yml. */
  readonly specification?: string | null;
  /** Match specs, such as `python=3.12`. */
  readonly packages?: ReadonlyArray<string> | null;
  /** An environment.yml, a lockfile, a requirements.txt, a pylock.toml or a notebook among the server's contents. */
  readonly path?: string | null;
  /** A lockfile to be installed as it is: conda-lock's, an explicit list or a pixi.lock as text, or conda-lock's as an object; or a notebook that carries one. */
  readonly lockfile?: string | JSONObject | null;
  /** With `packages`: where to look, the first one first. */
  readonly channels?: ReadonlyArray<string>;
  /** With a lockfile: channels, by name or URL, that it may take packages from besides the configured. */
  readonly allow_channels?: ReadonlyArray<string>;
  /** Lock for these too; a lockfile has its own. */
  readonly platforms?: ReadonlyArray<string>;
  /** By platform, all that its machines offer besides packages, such as `{linux-64: {__glibc: 2.17}}`; what is usual for those left out. */
  readonly virtual_packages?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What this version is for. */
  readonly message?: string;
  /** What the environment is for. */
  readonly description?: string;
  /** Lock as the channels stood then, such as `2026-06-30`. */
  readonly as_of?: string | null;
  /** Names of packages of pip whose own code may be run to build them, where there is no wheel. */
  readonly allow_source?: ReadonlyArray<string>;
}

/** A change that makes a new version: an edit of the specification, or an update of what is locked for it. */
export interface IEditRequest {
  /** The version to start from; the active one when left out. */
  readonly parent?: number | null;
  /** The text of an environment.yml to begin with; the parent's when left out. */
  readonly specification?: string | null;
  /** Match specs to add, or to put in the place of those of the same name. */
  readonly add?: ReadonlyArray<string>;
  /** Names of packages that are not asked for any more. */
  readonly remove?: ReadonlyArray<string>;
  /** Requirements of pip to add to the `pip:` list, or to put in the place of those of the same name. */
  readonly add_pip?: ReadonlyArray<string>;
  /** Names of packages that pip is not asked for any more. */
  readonly remove_pip?: ReadonlyArray<string>;
  /** The channels instead of those there are, the first one first. */
  readonly channels?: ReadonlyArray<string> | null;
  /** Values by name; null takes one away, the others stay. */
  readonly variables?: Readonly<Record<string, string | null>> | null;
  /** Packages that may move to newer versions, none named: all of them. Null: an edit. */
  readonly update?: ReadonlyArray<string> | null;
  /** With `update`: as the channels stood then, such as `2026-06-30`. */
  readonly as_of?: string | null;
  /** Lock for these too; the parent's when left out. */
  readonly platforms?: ReadonlyArray<string>;
  /** By platform, all that its machines offer besides packages, such as `{linux-64: {__glibc: 2.17}}`; as for the parent for those left out. */
  readonly virtual_packages?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Names of packages of pip whose own code may be run to build them, where there is no wheel. */
  readonly allow_source?: ReadonlyArray<string>;
  /** What this version is for; offered when left out. */
  readonly message?: string;
}

/** A change of the text of an environment.yml, whose comments and order are kept. */
export interface IEditTextRequest {
  readonly specification: string;
  /** Match specs to add, or to put in the place of those of the same name. */
  readonly add?: ReadonlyArray<string>;
  /** Names of packages to take out. */
  readonly remove?: ReadonlyArray<string>;
  /** Requirements of pip to add to the `pip:` list, or to put in the place of those of the same name. */
  readonly add_pip?: ReadonlyArray<string>;
  /** Names of packages that pip is not asked for any more. */
  readonly remove_pip?: ReadonlyArray<string>;
  /** The channels instead of those there are, the first one first. */
  readonly channels?: ReadonlyArray<string> | null;
  /** Values by name; null takes one away, the others stay. */
  readonly variables?: Readonly<Record<string, string | null>> | null;
  /** The name instead of the one there is. */
  readonly name?: string | null;
}

/**
 * A text after an edit: its own lines changed, comments and order as they were.
 *
 * Attributes
 * ----------
 * specification
 *     The new text.
 * report
 *     How it is understood.
 */
export interface IEditedSpecification {
  readonly specification: string;
  readonly report: ISpecificationReport;
}

/** A notebook that is to carry an environment. */
export interface IEmbedRequest {
  /** A notebook among the server's contents. */
  readonly path?: string | null;
  /** The notebook itself. */
  readonly content?: JSONObject | null;
  /** Its metadata alone, of a notebook that somebody has open. What other programs write into cells is not found this way. */
  readonly metadata?: JSONObject | null;
  /** A reference; when left out, the version of the kernel that the notebook names. */
  readonly environment?: string | null;
  /** Only these; all that the lock covers when left out. */
  readonly platforms?: ReadonlyArray<string>;
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
 * schedule, next_update
 *     How often an update is prepared, and when the next one is due; None when none is planned.
 * offered_version
 *     Number of the newest version that waits to be activated: a prepared update, or one that was overtaken while it
 *     was built. None once it, or a later one, became active.
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
  readonly schedule: 'off' | 'weekly';
  readonly next_update: string | null;
  readonly offered_version: number | null;
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

/**
 * What one environment costs.
 *
 * Attributes
 * ----------
 * own
 *     Files that only its versions need.
 * shared
 *     Files that other environments need too.
 * can_be_freed
 *     What of `own` freeing its versions that nobody needs would give back.
 * last_used
 *     Of its versions, the last; None when none is on disk.
 * removed
 *     Whether it was removed and can still be brought back.
 * versions
 *     The newest first; those that are not on disk too.
 */
export interface IEnvironmentUsage {
  readonly namespace: string;
  readonly name: string;
  readonly own: number;
  readonly shared: number;
  readonly can_be_freed: number;
  readonly last_used: string | null;
  readonly removed: boolean;
  readonly versions: ReadonlyArray<IVersionUsage>;
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
 * missing
 *     Entries that nothing on the platform matches, whatever else is asked for.
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
  readonly missing: ReadonlyArray<IMissingPackage>;
  readonly minimal: boolean;
  readonly reasons: ReadonlyArray<IReason>;
  readonly relaxations: ReadonlyArray<IRelaxation>;
  readonly raw: string;
}

/**
 * One version of an environment that contains what was looked for.
 *
 * Attributes
 * ----------
 * version
 *     The number of the environment's version.
 * active
 *     Whether it is the active one.
 * package, package_version, build
 *     The package as it is locked there; `build` is empty for pip.
 * platform
 *     The platform that it is locked for: the one that the version was built on, where that has it.
 * direct
 *     Whether a person asked for it by name; else it came with another package.
 */
export interface IFinding {
  readonly namespace: string;
  readonly name: string;
  readonly version: number;
  readonly active: boolean;
  readonly package: string;
  readonly package_version: string;
  readonly build: string;
  readonly platform: string;
  readonly direct: boolean;
}

export interface IFindingPage {
  readonly items: ReadonlyArray<IFinding>;
  readonly next: string | null;
  readonly total: number;
}

/**
 * A file from outside to make an environment from, of whatever format: it is told by what stands in it.
 *
 * Exactly one of `content` and `path` says which.
 */
export interface IImportRequest {
  /** The text of an environment.yml, a lockfile (conda-lock's, an explicit list, a pixi.lock), a requirements.txt, a pylock.toml or a notebook; conda-lock's and a notebook also as an object. Of a large notebook leave the outputs out. */
  readonly content?: string | JSONObject | null;
  /** Such a file among the server's contents. */
  readonly path?: string | null;
  /** What the file is called; a name for the environment is told by that where it says none. */
  readonly file?: string | null;
  /** `name` or `namespace/name`; when left out, what the file says. */
  readonly name?: string | null;
  /** Which environment of a pixi.lock; `default` when left out. */
  readonly environment?: string | null;
  /** With a file of pip's: which Python, such as `3.12`; when left out, what the file says. */
  readonly python?: string | null;
  /** With a lockfile or notebook: channels that it may take packages from besides the configured ones. */
  readonly allow_channels?: ReadonlyArray<string>;
  /** Names of packages of pip whose own code may be run to build them, where there is no wheel. */
  readonly allow_source?: ReadonlyArray<string>;
  /** What this version is for. */
  readonly message?: string;
  /** What the environment is for. */
  readonly description?: string;
}

/** A version on disk that stays, and why. */
export interface IKept {
  readonly name: string;
  readonly size: number;
  readonly code:
    | 'active'
    | 'pinned'
    | 'offered'
    | 'running'
    | 'building'
    | 'kernel'
    | 'recent'
    | 'irreplaceable'
    | 'unused'
    | 'removed'
    | 'freed';
  readonly reason: string;
}

/**
 * A channel that packages of a lockfile come from.
 *
 * Attributes
 * ----------
 * name, url
 *     As a specification would name it, and where it is.
 * packages
 *     How many come from there; one that is there for several platforms counts once.
 * configured
 *     Whether this store uses it anyway. Another one has to be allowed for this lockfile.
 * allowable
 *     Whether it may be: False for one that is not among the only channels of this store.
 */
export interface ILockfileChannel {
  readonly name: string;
  readonly url: string;
  readonly packages: number;
  readonly configured: boolean;
  readonly allowable: boolean;
}

/**
 * A lockfile as it is understood.
 *
 * Attributes
 * ----------
 * valid
 *     Whether an environment could be created from it with the channels that were allowed.
 * name
 *     What the environment might be called, by the name of the file; None when there is no saying.
 * platform
 *     This machine's.
 * platforms
 *     What the lockfile covers, sorted.
 * channels
 *     In the order of their priority, where the lockfile tells it.
 * packages
 *     What would be installed here, by name.
 * size
 *     Bytes to download, as far as they are known; None when none is, as without asking the channels.
 * specification
 *     The environment.yml that would be written for it.
 * remarks
 *     What is in the way, and what is still to be found out.
 * findings
 *     What the policy has to say, as data; the remarks have it in words.
 * environment, environments
 *     Of a pixi.lock: which of its environments this is, and the names of all that can be asked for.
 */
export interface ILockfileReport {
  readonly valid: boolean;
  readonly name: string | null;
  readonly platform: string;
  readonly platforms: ReadonlyArray<string>;
  readonly channels: ReadonlyArray<ILockfileChannel>;
  readonly packages: ReadonlyArray<IPackage>;
  readonly size: number | null;
  readonly specification: string;
  readonly remarks: ReadonlyArray<IRemark>;
  readonly findings: ReadonlyArray<IPolicyFinding>;
  readonly environment: string | null;
  readonly environments: ReadonlyArray<string>;
}

/** A lockfile to look into before anything is made from it. */
export interface ILockfileRequest {
  /** A lockfile as text (conda-lock's, an explicit list, a pixi.lock), or conda-lock's as an object; or a notebook that carries one, as text or as an object. */
  readonly lockfile: string | JSONObject;
  /** What its file is called; a name for the environment is told by that. */
  readonly file?: string | null;
  /** Which environment of a pixi.lock; `default` when left out. */
  readonly environment?: string | null;
  /** Channels to accept besides the configured ones, by name or URL. */
  readonly allow_channels?: ReadonlyArray<string>;
  /** Names of packages of pip whose own code may be run to build them, where there is no wheel. */
  readonly allow_source?: ReadonlyArray<string>;
  /** Ask the channels how large the packages are, which takes longer. */
  readonly sizes?: boolean;
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
 * A kind of machine. Whatever cannot be told is empty; nothing names the machine, its user, or a folder.
 *
 * Attributes
 * ----------
 * system, system_version
 *     What people call the operating system, such as `Debian GNU/Linux` and `12`.
 * kernel
 *     The kernel's version number.
 * libc
 *     The version of the GNU C library; empty where there is another one, or none.
 * processor, level
 *     What the processor is called, and which level of its architecture it has, such as `x86-64-v3`.
 * features
 *     Instructions that programs may be built for, sorted.
 * driver, cuda
 *     The version of the NVIDIA driver, and the newest CUDA that it runs.
 * virtual_packages
 *     The same as conda's packages depend on it.
 */
export interface IMachine {
  readonly platform: string;
  readonly system: string;
  readonly system_version: string;
  readonly kernel: string;
  readonly libc: string;
  readonly processor: string;
  readonly level: string;
  readonly features: ReadonlyArray<string>;
  readonly driver: string;
  readonly cuda: string;
  readonly virtual_packages: Readonly<Record<string, string>>;
}

/**
 * The machines of a version.
 *
 * Attributes
 * ----------
 * locked, built
 *     Where its packages were chosen, and where its files were first made; None where that was not recorded.
 * here
 *     This one.
 * differences
 *     What stands between the version and this machine, in sentences; empty when nothing does.
 */
export interface IMachineReport {
  readonly locked: IMachine | null;
  readonly built: IMachine | null;
  readonly here: IMachine;
  readonly differences: ReadonlyArray<string>;
}

/**
 * An entry that nothing on a platform matches.
 *
 * Attributes
 * ----------
 * entry
 *     As it was written.
 * newest
 *     The newest version there; None when the platform does not have the package at all.
 * below, above
 *     The newest version under what the entry allows, and the oldest over it; None where there is none.
 * elsewhere
 *     Which of the platforms that were solved for at the same time have what is asked for.
 */
export interface IMissingPackage {
  readonly entry: string;
  readonly name: string;
  readonly newest: string | null;
  readonly below: string | null;
  readonly above: string | null;
  readonly elsewhere: ReadonlyArray<string>;
}

/**
 * Which package supplies a module.
 *
 * Attributes
 * ----------
 * module
 *     The top-level name of what was asked for: `sklearn` of `sklearn.svm`.
 * package
 *     What to ask for so that the module is there; None where nothing sensible can be said.
 * source
 *     Where that is asked for: `pypi` where versions of the environment had it from there.
 * installed
 *     Whether the version that was looked at supplies the very module: a kernel that lacks it needs a restart only.
 * standard_library
 *     Whether Python brings it itself, or would on another system: there is nothing to add.
 * environment
 *     Reference of the version that was looked at: `namespace/name@number`; empty when there was none.
 */
export interface IModuleSupplier {
  readonly module: string;
  readonly package: string | null;
  readonly source: 'conda' | 'pypi';
  readonly installed: boolean;
  readonly standard_library: boolean;
  readonly environment: string;
}

/**
 * One check.
 *
 * Attributes
 * ----------
 * code
 *     Which one.
 * grade
 *     `fail`: it will not come out the same elsewhere. `look`: it may not.
 * title
 *     What was found, in a few words.
 * detail
 *     A sentence more; empty where there is no more to say.
 * places
 *     The first hundred.
 * repair
 *     None where nothing can be done for the person.
 */
export interface INotebookCheck {
  readonly code: string;
  readonly grade: 'pass' | 'look' | 'fail';
  readonly title: string;
  readonly detail: string;
  readonly places: ReadonlyArray<INotebookPlace>;
  readonly repair: INotebookRepair | null;
}

/**
 * A notebook after something was put into it or taken out.
 *
 * Attributes
 * ----------
 * changed
 *     Whether it is another one than before.
 * bytes
 *     How much of it the environment takes, as nbformat writes it; 0 when it carries none.
 * environment
 *     Reference of the version that it carries; empty when it carries none.
 * lock, platforms
 *     Hash of the lock that it carries, and what that covers.
 * metadata
 *     What the notebook's metadata says under `envstore` now, or None.
 * content
 *     The whole notebook, where it was sent with the request.
 */
export interface INotebookEdit {
  readonly changed: boolean;
  readonly bytes: number;
  readonly environment: string;
  readonly lock: string;
  readonly platforms: ReadonlyArray<string>;
  readonly metadata: JSONObject | null;
  readonly content: JSONObject | null;
}

/**
 * What environment a notebook carries, and what is to be known before it is built. A stranger may have written it.
 *
 * Attributes
 * ----------
 * convention
 *     Which program's way of saying it.
 * locked
 *     Whether it says each file exactly; else it is solved when it is built.
 * name, name_taken
 *     What it would be called here, and whether the name that the notebook says is another environment's.
 * environment
 *     What it says that it was: `namespace/name@number`; empty where that is not told.
 * recorded
 *     When it was locked.
 * lock
 *     The lock's hash; empty without one.
 * platform, platforms
 *     This machine's, and those that it is locked for.
 * packages, pip
 *     Those for this machine, and how many of them pip installs. Without a lock: none.
 * size
 *     Bytes of all files whose size is known; None when none is.
 * here
 *     How many of the packages are in the store's cache already.
 * download, unknown_sizes
 *     Bytes still to download, of those files whose size is known (None when none is), and how many others there are.
 * size_on_disk, size_is_estimated
 *     Bytes of its files here, unpacked: as last counted, or estimated from what is known of its packages.
 * specification, variables
 *     The environment.yml, and the environment variables that it sets.
 * existing
 *     Versions of this store with the very same files, the best first: nothing has to be built. Without a lock, those
 *     that were made when the very same was asked for.
 * remarks, findings
 *     What is in the way and what to know, and what the policy says, as data.
 * valid
 *     Whether it can be had here, as far as can be told.
 */
export interface INotebookEnvironment {
  readonly convention: 'envstore' | 'juv' | 'pixi' | 'jupyterlab-requirements' | 'nteract' | 'conda';
  readonly locked: boolean;
  readonly name: string;
  readonly name_taken: boolean;
  readonly environment: string;
  readonly recorded: string;
  readonly lock: string;
  readonly platform: string;
  readonly platforms: ReadonlyArray<string>;
  readonly channels: ReadonlyArray<ILockfileChannel>;
  readonly packages: ReadonlyArray<IPackage>;
  readonly pip: number;
  readonly size: number | null;
  readonly here: number;
  readonly download: number | null;
  readonly unknown_sizes: number;
  readonly size_on_disk: number | null;
  readonly size_is_estimated: boolean;
  readonly specification: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly existing: ReadonlyArray<string>;
  readonly valid: boolean;
  readonly remarks: ReadonlyArray<IRemark>;
  readonly findings: ReadonlyArray<IPolicyFinding>;
}

/**
 * Where in a notebook.
 *
 * Attributes
 * ----------
 * cell
 *     Which of all its cells, from 1.
 * line
 *     Which line of the cell, from 1; None for all of it.
 * what
 *     What stands there: an import, a path, a command. Never a secret.
 */
export interface INotebookPlace {
  readonly cell: number;
  readonly line: number | null;
  readonly what: string;
}

/**
 * What would put a check right, as a button may offer it.
 *
 * Attributes
 * ----------
 * action
 *     `embed`: put the lock of `environment` into the notebook. `switch_kernel`: run on `environment`, or on
 *     what the notebook carries where none is named. `add_packages`: add `packages` to `environment`.
 *     `add_platforms`: lock `environment` for `platforms` too. `update`: move `environment` to newer
 *     versions. `build`: build what the notebook carries, or the files of `environment` where one is named.
 *     `repair`: make the files of `environment` anew. `run_all`: restart the kernel and run all cells.
 *     `show_cell`: go to `cell`.
 * arguments
 *     By name; `environment` is a reference.
 */
export interface INotebookRepair {
  readonly action:
    | 'embed'
    | 'switch_kernel'
    | 'add_packages'
    | 'add_platforms'
    | 'update'
    | 'build'
    | 'repair'
    | 'run_all'
    | 'show_cell';
  readonly arguments: JSONObject;
}

/**
 * All that was found out about a notebook. Nothing of it was run.
 *
 * Attributes
 * ----------
 * grade
 *     The worst of all checks.
 * passed, look, failed
 *     How many checks have each grade.
 * environment
 *     The version whose kernel the notebook names, `namespace/name@number`; None when it is none of this store's.
 * checks
 *     The worst first.
 * undone
 *     Those that could not be made, or were not asked for.
 * checked
 *     When.
 */
export interface INotebookReport {
  readonly grade: 'pass' | 'look' | 'fail';
  readonly passed: number;
  readonly look: number;
  readonly failed: number;
  readonly environment: string | null;
  readonly checks: ReadonlyArray<INotebookCheck>;
  readonly undone: ReadonlyArray<IUndoneCheck>;
  readonly checked: string;
}

/** A notebook to check: exactly one of `path` and `content` says which. Nothing of it is run. */
export interface INotebookReportRequest {
  /** A notebook among the server's contents. */
  readonly path?: string | null;
  /** The notebook itself, as it is being edited; outputs may be left out of long ones. */
  readonly content?: JSONObject | null;
  /** With `content`: where it lies among the server's contents, to know the modules beside it. */
  readonly folder?: string | null;
  /** Name of the kernel that it runs on; the one that it names when left out. */
  readonly kernel?: string | null;
  /** Reference of the version that the kernel was started with, if it is not the one that it would start now. */
  readonly environment?: string | null;
  /** Read every file of its environment, which takes longer. */
  readonly verify?: boolean;
  /** Ask channels and indexes whether they still offer its packages, which takes longer. */
  readonly fetch?: boolean;
}

/**
 * How what a notebook carries stands to the kernel that it uses.
 *
 * Attributes
 * ----------
 * state
 *     `agrees`; `differs`; `none`: it carries nothing; `missing`: it carries an environment that is not here.
 * kernel
 *     The kernel that was looked at, or empty.
 * environment
 *     Reference of the version that the kernel starts; empty when it is none of this store.
 * carried
 *     What the notebook says that it carries: `namespace/name@number`, or empty.
 * convention, lock, platforms, recorded
 *     As in `NotebookEnvironment`; None and empty when it carries nothing.
 * packages
 *     How many it carries for this machine's platform; None where that cannot be told.
 * existing
 *     Versions of this store with the very same files.
 * building
 *     Id of a build that goes on for the very lock that it carries; None when there is none.
 * direction
 *     Whether the notebook carries an older or a newer version of the kernel's environment, or something other.
 * changes
 *     What would change for the notebook by carrying the kernel's version, by platform.
 * problem
 *     Why what it carries cannot be used; empty when it can.
 */
export interface INotebookState {
  readonly state: 'agrees' | 'differs' | 'none' | 'missing';
  readonly kernel: string;
  readonly environment: string;
  readonly carried: string;
  readonly convention: 'envstore' | 'juv' | 'pixi' | 'jupyterlab-requirements' | 'nteract' | 'conda' | null;
  readonly lock: string;
  readonly platforms: ReadonlyArray<string>;
  readonly recorded: string;
  readonly packages: number | null;
  readonly existing: ReadonlyArray<string>;
  readonly building: number | null;
  readonly direction: 'older' | 'newer' | 'other' | null;
  readonly changes: ReadonlyArray<IPlatformChanges>;
  readonly problem: string;
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

/**
 * One package that is not the same on both sides.
 *
 * Attributes
 * ----------
 * kind
 *     `rebuilt`: the same version, another file.
 * direct
 *     Whether a person asks for it by name, on either side.
 * before, after
 *     Versions; None on the side where it is not.
 * before_build, after_build
 *     Build strings, likewise.
 * size
 *     Bytes of the new file to download, None when unknown or when it is removed.
 */
export interface IPackageChange {
  readonly name: string;
  readonly manager: 'conda' | 'pip';
  readonly kind: 'added' | 'removed' | 'upgraded' | 'downgraded' | 'rebuilt';
  readonly direct: boolean;
  readonly before: string | null;
  readonly after: string | null;
  readonly before_build: string | null;
  readonly after_build: string | null;
  readonly size: number | null;
  readonly why: IWhy;
}

export interface IPackagePage {
  readonly items: ReadonlyArray<IPackage>;
  readonly next: string | null;
  readonly total: number;
}

/**
 * An automatic freeing that was announced.
 *
 * Attributes
 * ----------
 * due
 *     When it begins, at the earliest.
 * can_be_freed
 *     Bytes, as measured when it was announced.
 * versions
 *     References `namespace/name@number` of what it would free.
 * reason
 *     Why, in words.
 */
export interface IPlannedCollection {
  readonly due: string;
  readonly can_be_freed: number;
  readonly versions: ReadonlyArray<string>;
  readonly reason: string;
}

/**
 * What changes for one platform, those a person asked for first.
 *
 * Attributes
 * ----------
 * same
 *     Packages that stay exactly as they are.
 * download
 *     Bytes of all new files whose size is known.
 * unknown_sizes
 *     New files whose size is not known.
 */
export interface IPlatformChanges {
  readonly platform: string;
  readonly changes: ReadonlyArray<IPackageChange>;
  readonly same: number;
  readonly download: number;
  readonly unknown_sizes: number;
}

/**
 * A check of platforms that was asked for; forgotten some minutes after its end.
 *
 * Attributes
 * ----------
 * id
 *     By which it is read and cancelled.
 * overview
 *     With what was found, when it is `ready`.
 * error
 *     Why there is none, when it `failed`.
 */
export interface IPlatformCheck {
  readonly id: string;
  readonly state: 'checking' | 'ready' | 'failed' | 'cancelled';
  readonly overview: IPlatformOverview | null;
  readonly error: IErrorReport | null;
  readonly started: string;
}

/** A package that has another version on a platform than on this machine's; `direct`: it is asked for by name. */
export interface IPlatformDifference {
  readonly name: string;
  readonly direct: boolean;
  readonly here: string;
  readonly there: string;
}

/**
 * How it stands with all platforms, this machine's first.
 *
 * Attributes
 * ----------
 * reference
 *     `namespace/name@number`; empty for a specification that is no version.
 * specification
 *     The text that all of it is about.
 * configured
 *     Platforms that are locked for where nothing else is said.
 * warnings
 *     Sentences.
 * seconds
 *     Wall time of the check by part; empty where nothing was checked now.
 */
export interface IPlatformOverview {
  readonly reference: string;
  readonly specification: string;
  readonly own: string;
  readonly configured: ReadonlyArray<string>;
  readonly platforms: ReadonlyArray<IPlatformReport>;
  readonly warnings: ReadonlyArray<string>;
  readonly seconds: Readonly<Record<string, number>>;
}

/**
 * How it stands with one platform.
 *
 * Attributes
 * ----------
 * standing
 *     `covered`: the lock has it; `solvable`: it is not in the lock, and could be; `unsolved`: there is no
 *     solution; `unchecked`: nobody has tried.
 * own
 *     Whether it is this machine's.
 * checked
 *     When it was solved, or tried; None when that is not known.
 * package_count, download, unknown_sizes
 *     What is installed there, and the bytes to be downloaded for it, without the files whose size is not known.
 * differences
 *     Against this machine's platform, those that are asked for first. Empty where either is not covered.
 * only_here, only_there
 *     Names of packages that only one of the two has.
 * explanation
 *     Why there is no solution, and with `missing` what is not there.
 * workarounds
 *     The mildest first; None when nobody has looked for any.
 */
export interface IPlatformReport {
  readonly platform: string;
  readonly standing: 'covered' | 'solvable' | 'unsolved' | 'unchecked';
  readonly own: boolean;
  readonly checked: string | null;
  readonly package_count: number;
  readonly download: number;
  readonly unknown_sizes: number;
  readonly differences: ReadonlyArray<IPlatformDifference>;
  readonly only_here: ReadonlyArray<string>;
  readonly only_there: ReadonlyArray<string>;
  readonly explanation: IExplanation | null;
  readonly workarounds: ReadonlyArray<IWorkaround> | null;
}

/** Which platforms to check a version for. */
export interface IPlatformsRequest {
  /** Those that it lists, or that are configured or usual, when left out. */
  readonly platforms?: ReadonlyArray<string>;
}

/** A channel that a finding is about, and how many packages come from there. */
export interface IPolicyChannel {
  readonly url: string;
  readonly packages: number;
}

/**
 * What one rule says about some packages.
 *
 * Attributes
 * ----------
 * rule
 *     Code of the rule.
 * policy
 *     What messages call the rule.
 * severity
 *     `error` refuses; `open` has to be found out before anything is built; `warning` refuses nothing.
 * message
 *     What is the matter, in a sentence.
 * advice
 *     What to do about it, in a sentence.
 * packages
 *     Names of the first of the packages; `package_count` counts all.
 * channels
 *     Where they come from, or what was asked for.
 */
export interface IPolicyFinding {
  readonly rule: string;
  readonly policy: string;
  readonly severity: 'error' | 'open' | 'warning';
  readonly message: string;
  readonly advice: string;
  readonly packages: ReadonlyArray<string>;
  readonly package_count: number;
  readonly channels: ReadonlyArray<IPolicyChannel>;
}

/**
 * What may be used in this store.
 *
 * Attributes
 * ----------
 * default_channels
 *     Names of the channels of a specification that names none.
 * allowed_channels
 *     URLs of the only channels that anything may come from; None: no such list is kept.
 * trusted_channels
 *     URLs of the channels that a file from elsewhere may name without being asked about; what stands for all that
 *     lies below it ends in `/*`.
 * rules
 *     In the order in which they are applied.
 */
export interface IPolicyReport {
  readonly default_channels: ReadonlyArray<string>;
  readonly allowed_channels: ReadonlyArray<string> | null;
  readonly trusted_channels: ReadonlyArray<string>;
  readonly rules: ReadonlyArray<IPolicyRule>;
}

/**
 * A rule in force.
 *
 * Attributes
 * ----------
 * rule, policy
 *     Its code, and what messages call it.
 * says
 *     What it demands in this store, in a sentence or two.
 */
export interface IPolicyRule {
  readonly rule: string;
  readonly policy: string;
  readonly says: string;
}

/**
 * What an edit or an update would make of a version. Nothing was built.
 *
 * Attributes
 * ----------
 * parent
 *     Number of the version that it starts from.
 * specification
 *     The text that would be built.
 * message
 *     A message for the version, to be changed at will.
 * nothing_to_build
 *     Whether packages and specification stay exactly as they are.
 * unsolved
 *     For each platform that has no solution now, why.
 */
export interface IPreview {
  readonly parent: number;
  readonly specification: string;
  readonly message: string;
  readonly comparison: IComparison;
  readonly nothing_to_build: boolean;
  readonly unsolved: Readonly<Record<string, IExplanation>>;
  readonly warnings: ReadonlyArray<string>;
  readonly seconds: Readonly<Record<string, number>>;
}

/** A change to look at before anything is built. */
export interface IPreviewRequest {
  /** The version to start from; the active one when left out. */
  readonly parent?: number | null;
  /** The text of an environment.yml to begin with; the parent's when left out. */
  readonly specification?: string | null;
  /** Match specs to add, or to put in the place of those of the same name. */
  readonly add?: ReadonlyArray<string>;
  /** Names of packages that are not asked for any more. */
  readonly remove?: ReadonlyArray<string>;
  /** Requirements of pip to add to the `pip:` list, or to put in the place of those of the same name. */
  readonly add_pip?: ReadonlyArray<string>;
  /** Names of packages that pip is not asked for any more. */
  readonly remove_pip?: ReadonlyArray<string>;
  /** The channels instead of those there are, the first one first. */
  readonly channels?: ReadonlyArray<string> | null;
  /** Values by name; null takes one away, the others stay. */
  readonly variables?: Readonly<Record<string, string | null>> | null;
  /** Packages that may move to newer versions, none named: all of them. Null: an edit. */
  readonly update?: ReadonlyArray<string> | null;
  /** With `update`: as the channels stood then, such as `2026-06-30`. */
  readonly as_of?: string | null;
  /** Lock for these too; the parent's when left out. */
  readonly platforms?: ReadonlyArray<string>;
  /** By platform, all that its machines offer besides packages, such as `{linux-64: {__glibc: 2.17}}`; as for the parent for those left out. */
  readonly virtual_packages?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Names of packages of pip whose own code may be run to build them, where there is no wheel. */
  readonly allow_source?: ReadonlyArray<string>;
  /** What this version is for; offered when left out. */
  readonly message?: string;
  /** `namespace/name`, or `name`. */
  readonly environment: string;
}

/**
 * A preview that was asked for; forgotten some minutes after its end.
 *
 * Attributes
 * ----------
 * id
 *     By which it is read and cancelled.
 * preview
 *     What would change, when it is `ready`.
 * error
 *     Why there is none, when it `failed`: as the build would fail.
 */
export interface IPreviewState {
  readonly id: string;
  readonly state: 'solving' | 'ready' | 'failed' | 'cancelled';
  readonly preview: IPreview | null;
  readonly error: IErrorReport | null;
  readonly started: string;
}

/** A node in the tree of reasons: a sentence, and what it rests on. */
export interface IReason {
  readonly text: string;
  readonly because: ReadonlyArray<IReason>;
}

/** A notebook of which every cell of code was run, without an error, by a kernel that was started for it. */
export interface IRecordRequest {
  /** A notebook among the server's contents. */
  readonly path?: string | null;
  /** The notebook itself. */
  readonly content?: JSONObject | null;
  /** Its metadata alone, of a notebook that somebody has open. What other programs write into cells is not found this way. */
  readonly metadata?: JSONObject | null;
  /** Reference of the version that this kernel was started with. */
  readonly environment: string;
  /** With `metadata`, and only there: the numbers that its cells of code got, in their order; cells without text left out. */
  readonly counts?: ReadonlyArray<number | null> | null;
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

/** Another name for an environment. */
export interface IRenameRequest {
  /** The new one. */
  readonly name: string;
}

/**
 * What became of an environment that a notebook carries.
 *
 * Attributes
 * ----------
 * carried
 *     What it carries.
 * build
 *     The build that makes it, which was queued now; None when nothing has to be built, or only was looked.
 * environment
 *     Reference of the version that the notebook can run on; empty until there is one.
 * kernel
 *     The kernel that stays at that version; empty until there is one.
 */
export interface IRestoration {
  readonly carried: INotebookEnvironment;
  readonly build: IBuild | null;
  readonly environment: string;
  readonly kernel: string;
}

/** A notebook whose environment is to be had here. */
export interface IRestoreRequest {
  /** A notebook among the server's contents. */
  readonly path?: string | null;
  /** The notebook itself. */
  readonly content?: JSONObject | null;
  /** Its metadata alone, of a notebook that somebody has open. What other programs write into cells is not found this way. */
  readonly metadata?: JSONObject | null;
  /** Build it, or use what is here. Else only say what it carries. */
  readonly build?: boolean;
  /** Of a new environment; when left out, as the notebook says, numbered where that is taken. */
  readonly name?: string | null;
  /** What its file is called; names the environment where nothing else does. */
  readonly file?: string | null;
  /** Lock anew what was asked for, as for another platform. */
  readonly relock?: boolean;
  /** Channels that it may take packages from besides the configured. */
  readonly allow_channels?: ReadonlyArray<string>;
  /** Ask the channels how large the packages are that are not known here, which takes longer. */
  readonly sizes?: boolean;
  /** With `path`: let the file name the kernel of the version, once there is one. */
  readonly pin?: boolean;
}

/**
 * A kernel that this server runs, and the version that it was started with, which need not be the active one.
 *
 * Attributes
 * ----------
 * id
 *     As the server's own list of kernels has it.
 * environment
 *     `namespace/name`, as the environment was called when the kernel was started.
 * version
 *     The version's number.
 */
export interface IRunningKernel {
  readonly id: string;
  readonly environment: string;
  readonly version: number;
}

export interface IRunningKernelPage {
  readonly items: ReadonlyArray<IRunningKernel>;
  readonly next: string | null;
  readonly total: number;
}

/**
 * A package that a channel offers.
 *
 * Attributes
 * ----------
 * versions
 *     The newest first.
 * source_only
 *     Whether no version has a wheel that fits: to build it runs its own code, which needs a person's consent.
 */
export interface ISearchResult {
  readonly name: string;
  readonly channel: string;
  readonly versions: ReadonlyArray<string>;
  readonly summary: string;
  readonly subdirs: ReadonlyArray<string>;
  readonly source_only: boolean;
}

export interface ISearchResultPage {
  readonly items: ReadonlyArray<ISearchResult>;
  readonly next: string | null;
  readonly total: number;
}

/**
 * One format, and what a version would be in it.
 *
 * Attributes
 * ----------
 * format
 *     As `export` takes it.
 * file, media
 *     What its file is called, and its media type.
 * title, description
 *     What it is called, and whom it is for.
 * group
 *     `rebuild`: to build it again elsewhere; `carry`: to carry it along; `container`: to run it as one.
 * platforms
 *     What a file covers; none where that has no meaning.
 * bytes
 *     Size of the file; None when it cannot be written.
 * available, reason
 *     Whether the version can be written in it, and why not.
 */
export interface ISharedFormat {
  readonly format: string;
  readonly file: string;
  readonly media: string;
  readonly title: string;
  readonly group: 'rebuild' | 'carry' | 'container';
  readonly description: string;
  readonly platforms: ReadonlyArray<string>;
  readonly bytes: number | null;
  readonly available: boolean;
  readonly reason: string | null;
}

export interface ISharedFormatPage {
  readonly items: ReadonlyArray<ISharedFormat>;
  readonly next: string | null;
  readonly total: number;
}

/**
 * One side of a comparison.
 *
 * Attributes
 * ----------
 * reference
 *     `namespace/name@number`; for a preview `namespace/name` alone.
 * size_on_disk
 *     Bytes of its files here, unpacked, as last counted; None when they were never made on this machine.
 */
export interface ISide {
  readonly reference: string;
  readonly version: number | null;
  readonly package_count: number;
  readonly size_on_disk: number | null;
}

/**
 * A specification as it is understood.
 *
 * Attributes
 * ----------
 * valid
 *     Whether a build of it would be accepted; False as soon as one remark is an error.
 * name, channels, dependencies, pip, variables, platforms
 *     As written; empty when it cannot be read.
 * remarks
 *     Errors first, then by line.
 * findings
 *     What the policy has to say, as data; the remarks have it in words.
 */
export interface ISpecificationReport {
  readonly valid: boolean;
  readonly name: string | null;
  readonly channels: ReadonlyArray<string>;
  readonly dependencies: ReadonlyArray<string>;
  readonly pip: ReadonlyArray<string>;
  readonly variables: Readonly<Record<string, string>>;
  readonly platforms: ReadonlyArray<string>;
  readonly remarks: ReadonlyArray<IRemark>;
  readonly findings: ReadonlyArray<IPolicyFinding>;
}

/** A notebook whose kernel is to be held against what it carries. */
export interface IStateRequest {
  /** A notebook among the server's contents. */
  readonly path?: string | null;
  /** The notebook itself. */
  readonly content?: JSONObject | null;
  /** Its metadata alone, of a notebook that somebody has open. What other programs write into cells is not found this way. */
  readonly metadata?: JSONObject | null;
  /** The kernel that it runs on, if it is not the one that it names. */
  readonly kernel?: string | null;
  /** Reference of the version that the kernel was started with, if it is not the one that it would start now. */
  readonly environment?: string | null;
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
 * command
 *     How a terminal on this machine calls the command line on this store: a program and its first arguments. With
 *     the program's full path, because a login shell need not have the server's PATH.
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
  readonly command: ReadonlyArray<string>;
  readonly problem: IErrorReport | null;
}

/** A notebook out of which is to be taken what was put into it. */
export interface IStripRequest {
  /** A notebook among the server's contents. */
  readonly path?: string | null;
  /** The notebook itself. */
  readonly content?: JSONObject | null;
  /** Its metadata alone, of a notebook that somebody has open. What other programs write into cells is not found this way. */
  readonly metadata?: JSONObject | null;
}

/**
 * Lines of a text to be replaced.
 *
 * Attributes
 * ----------
 * line
 *     Where it begins, from 1.
 * removed
 *     The lines there, as they are.
 * added
 *     The lines that stand instead; put in before `line` when none is removed.
 */
export interface ITextEdit {
  readonly line: number;
  readonly removed: ReadonlyArray<string>;
  readonly added: ReadonlyArray<string>;
}

/**
 * A check that was not made.
 *
 * Attributes
 * ----------
 * code
 *     Which one.
 * reason
 *     A sentence why.
 * option
 *     What a request has to ask for to have it made; None where that would not help.
 */
export interface IUndoneCheck {
  readonly code: string;
  readonly reason: string;
  readonly option: 'verify' | 'fetch' | null;
}

/**
 * What the store costs.
 *
 * Attributes
 * ----------
 * store
 *     Absolute path of its folder.
 * used
 *     All of it.
 * can_be_freed
 *     What `collect` would give back now.
 * disk_free, disk_size
 *     Of the file system that it is on.
 * packages, bytecode, metadata
 *     The caches.
 * other
 *     Catalog, logs, artifacts, temporary files.
 * environments
 *     Those with a version on disk, the one with the largest `own` first.
 * planned
 *     The automatic freeing that was announced, or None.
 * measured
 *     When.
 */
export interface IUsage {
  readonly store: string;
  readonly used: number;
  readonly can_be_freed: number;
  readonly disk_free: number;
  readonly disk_size: number;
  readonly packages: ICacheUsage;
  readonly bytecode: ICacheUsage;
  readonly metadata: ICacheUsage;
  readonly other: number;
  readonly environments: ReadonlyArray<IEnvironmentUsage>;
  readonly planned: IPlannedCollection | null;
  readonly measured: string;
}

/**
 * What reading every file of a version showed.
 *
 * Attributes
 * ----------
 * reference
 *     `namespace/name@number`.
 * prefix
 *     Absolute path.
 * files
 *     How many were read.
 * seconds
 *     Wall time.
 * problems
 *     A sentence for each file that does not agree; empty when all do.
 * damaged
 *     Their paths, relative to the prefix.
 * also_in
 *     References of other versions on this disk that have one of these very files: repair them, too.
 */
export interface IVerificationReport {
  readonly reference: string;
  readonly prefix: string;
  readonly files: number;
  readonly seconds: number;
  readonly problems: ReadonlyArray<string>;
  readonly damaged: ReadonlyArray<string>;
  readonly also_in: ReadonlyArray<string>;
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

/** The kernel that starts one version, whichever is active: what a notebook's metadata names to stay with it. */
export interface IVersionKernel {
  readonly kernel: string;
}

export interface IVersionPage {
  readonly items: ReadonlyArray<IVersion>;
  readonly next: string | null;
  readonly total: number;
}

/**
 * What one version costs.
 *
 * Attributes
 * ----------
 * size
 *     All its files, those shared with others included; 0 when it is not on disk.
 * frees
 *     What freeing it alone would give back.
 * last_used
 *     None when that is not known.
 * can_be_freed
 *     Whether `collect` would free it now.
 * code, reason
 *     Why it stays or can be freed, for programs and in words.
 */
export interface IVersionUsage {
  readonly number: number;
  readonly active: boolean;
  readonly pinned: boolean;
  readonly prefix_state: 'ready' | 'freed' | 'broken';
  readonly size: number;
  readonly frees: number;
  readonly last_used: string | null;
  readonly can_be_freed: boolean;
  readonly code:
    | 'active'
    | 'pinned'
    | 'offered'
    | 'running'
    | 'building'
    | 'kernel'
    | 'recent'
    | 'irreplaceable'
    | 'unused'
    | 'removed'
    | 'freed';
  readonly reason: string;
}

/**
 * Why one package changed.
 *
 * Attributes
 * ----------
 * code
 *     `asked`: a person asks for it, or no longer does; `required`: another package of the new set needs it so;
 *     `incompatible`: what was there could not stay beside another package of the new set; `unneeded`: nothing
 *     needs it now; `freed`: an update let it move; `chosen`: the resolver chose it so that all fits.
 * by
 *     The other package, with its version; empty where there is none.
 * requirement
 *     The match spec that says so; empty where there is none.
 * text
 *     All of it in words.
 */
export interface IWhy {
  readonly code: 'asked' | 'required' | 'incompatible' | 'unneeded' | 'freed' | 'chosen';
  readonly by: string;
  readonly requirement: string;
  readonly text: string;
}

/**
 * A way to a platform that was solved before it is shown. The other platforms stay as they are with it.
 *
 * Attributes
 * ----------
 * kind
 *     `version`: another version there; `channel`: from another configured channel; `selector`: not asked for
 *     there; `emulation`: another platform, whose programs run there too.
 * title
 *     What it means, in words.
 * remove, add
 *     The person's own entries (as written) that stand for that platform no more, and those instead.
 * edits
 *     What to change of the environment.yml; the first line first. Empty where nothing is to be changed.
 * specification
 *     The whole text after that, or None.
 * platform
 *     With `emulation`: what to lock for instead; None else.
 * package_count
 *     What it solved to.
 */
export interface IWorkaround {
  readonly kind: 'version' | 'channel' | 'selector' | 'emulation';
  readonly title: string;
  readonly remove: ReadonlyArray<string>;
  readonly add: ReadonlyArray<string>;
  readonly edits: ReadonlyArray<ITextEdit>;
  readonly specification: string | null;
  readonly platform: string | null;
  readonly package_count: number;
}
