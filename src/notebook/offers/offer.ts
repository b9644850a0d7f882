/**
 * What can be done about packages that a cell did not find: found out by asking the server.
 */
import { pipName } from '../../new/pip-requirement';
import type { IInstallation } from './installations';
import type { Finding, ILacking } from './shelf';
import { awaitedBuild, type IStanding, type Shelves } from './shelves';

/** What a cell needed when it ran. */
export interface INeeds {
  /** The module that it could not import. */
  readonly module: string | null;
  /** What it was to install. */
  readonly installation: IInstallation;
}

/** The kernel that the cell ran in. */
export interface INeedyKernel {
  readonly namespace: string;
  readonly name: string;
  /** The version that it runs. */
  readonly running: number;
  /** Whether it stays with its version, whichever is active. */
  readonly isPinned: boolean;
}

/** Add packages to the environment. */
export interface IAddOffer {
  readonly kind: 'add';
  /** What is not there, as the cell says it. */
  readonly lacks: ReadonlyArray<string>;
  /** The packages by name. */
  readonly names: ReadonlyArray<string>;
  readonly packages: ReadonlyArray<string>;
  readonly pip: ReadonlyArray<string>;
}

/** What is not there may be in the version that is being made: nothing is offered until that is known. */
export interface IBuildingOffer {
  readonly kind: 'building';
  readonly lacks: ReadonlyArray<string>;
  readonly build: number;
  /** Whether that version was asked to have all of it. */
  readonly isWithIt: boolean;
}

/** Another version has it: that which is active. */
export interface IRestartOffer {
  readonly kind: 'restart' | 'switch';
  readonly has: ReadonlyArray<string>;
  readonly version: number;
}

/** The kernel was started again, and now runs a version that has it. */
export interface IRerunOffer {
  readonly kind: 'rerun';
  readonly has: ReadonlyArray<string>;
}

/** No channel has a package that is called so. */
export interface IUnknownOffer {
  readonly kind: 'unknown';
  readonly module: string;
  /** What the package would be called. */
  readonly name: string;
  /** What is known of the package index. A name of one's own is told to it only when a person wants that. */
  readonly index: 'not asked' | 'not to be asked' | 'has none';
}

/** A cell was to install what can be had only from where it says: a file, or an address. */
export interface IUnnamedOffer {
  readonly kind: 'unnamed';
}

export type Offer = IAddOffer | IBuildingOffer | IRestartOffer | IRerunOffer | IUnknownOffer | IUnnamedOffer;

/** Offers that are followed by that to run the cell again: it failed for want of what is there now. */
const WAITED: ReadonlyArray<Offer['kind']> = ['restart', 'switch', 'rerun'];

/**
 * Find out what to offer.
 *
 * @param shelves - What is known already. The package index is believed once a person had it asked.
 * @param last - What was offered before.
 * @returns Null when there is nothing to offer.
 */
export async function findOffer(
  shelves: Shelves,
  kernel: INeedyKernel,
  environment: IStanding,
  needs: INeeds,
  last: Offer | null = null
): Promise<Offer | null> {
  const { active_version: active } = environment;
  if (active === null) {
    return null;
  }
  const shelf = await shelves.of(environment, active);
  const findings: Finding[] = [];
  for (const wanted of needs.installation.wanted) {
    findings.push(await shelf.findPackage(wanted));
  }
  if (needs.module !== null) {
    findings.push(await shelf.findModule(needs.module));
  }
  const unknown = findings.flatMap(one => (one?.kind === 'unknown' ? [one] : []))[0];
  const lacks = findings.flatMap(one => (one?.kind === 'lacks' ? [one] : []));
  const onIndex = unknown && shelves.isOnIndex(unknown.name, shelf);
  if (unknown && onIndex) {
    const { module, name: project } = unknown;
    lacks.push({ kind: 'lacks', said: module, manager: 'pip', name: project, text: project });
  }
  if (lacks.length > 0) {
    const offer = addOffer(lacks);
    const build = awaitedBuild(environment);
    return build === null ? offer : buildingOffer(offer, build, await shelves.askedBy(build));
  }
  const has = [...new Set(findings.flatMap(one => (one?.kind === 'has' ? [one.said] : [])))];
  if (has.length > 0 && active !== kernel.running) {
    return { kind: kernel.isPinned ? 'switch' : 'restart', has, version: active };
  }
  if (has.length > 0 && last && WAITED.includes(last.kind)) {
    return { kind: 'rerun', has };
  }
  if (!unknown) {
    const { wanted, leftOut } = needs.installation;
    return wanted.length === 0 && leftOut.length > 0 ? { kind: 'unnamed' } : null;
  }
  const index = onIndex === false ? 'has none' : shelf.hasOwnIndex ? 'not to be asked' : 'not asked';
  return { ...unknown, index };
}

function buildingOffer(
  { lacks, names }: IAddOffer,
  build: number,
  asked: ReadonlyArray<string>
): IBuildingOffer {
  return { kind: 'building', lacks, build, isWithIt: names.every(name => asked.includes(pipName(name))) };
}

/** What adds these. */
export function addOffer(lacks: ReadonlyArray<{ said: string } & ILacking>): IAddOffer {
  // A module and the package that was to be installed for it are one.
  const unique = lacks.filter(
    (one, index) => lacks.findIndex(other => pipName(other.name) === pipName(one.name)) === index
  );
  const textsOf = (manager: string): string[] =>
    unique.filter(one => one.manager === manager).map(({ text }) => text);
  return {
    kind: 'add',
    lacks: unique.map(({ said }) => said),
    names: unique.map(({ name }) => name),
    packages: textsOf('conda'),
    pip: textsOf('pip')
  };
}
