/**
 * What of a check is to be added to an environment, and of which manager: found out as for the line below a cell.
 */
import { pipName } from '../../new/pip-requirement';
import type { INotebookCheck } from '../../api/types';
import type { IEnvironmentName, IEnvStoreClient, INotebookReporting } from '../../tokens';
import { readInstallations } from '../offers/installations';
import { addOffer } from '../offers/offer';
import type { Finding, Shelf } from '../offers/shelf';
import type { Shelves } from '../offers/shelves';

/** What has to be known besides the check. */
export interface IAddableContext {
  readonly client: Pick<IEnvStoreClient, 'environment'>;
  readonly shelves: Shelves;
}

/** What of a check can be added. */
export interface IAddable {
  readonly packages: ReadonlyArray<string>;
  readonly pip: ReadonlyArray<string>;
  /** Modules that no channel has a package for. */
  readonly unknown: ReadonlyArray<string>;
  /** What the version that was looked at has already. */
  readonly has: ReadonlyArray<string>;
  /** What commands name besides packages. */
  readonly leftOut: ReadonlyArray<string>;
  readonly version: number;
}

const MODULE = /^[^\W\d]\w*(?:\.\w+)*$/;

/**
 * Find out what is to be added to an environment for a check.
 *
 * @returns Null while the environment has no version that could be looked at.
 */
export async function findAddable(
  { client, shelves }: IAddableContext,
  { namespace, name }: IEnvironmentName,
  reporting: INotebookReporting,
  check: INotebookCheck
): Promise<IAddable | null> {
  const environment = await client.environment(namespace, name);
  const { active_version: number } = environment;
  if (number === null) {
    return null;
  }
  const shelf = await shelves.of(environment, number);
  const { findings, leftOut } = await find(shelf, reporting, check);
  const lacks = findings.flatMap(one => (one?.kind === 'lacks' ? [one] : []));
  const unknown: string[] = [];
  for (const one of findings) {
    if (one?.kind === 'unknown' && shelves.isOnIndex(one.name, shelf)) {
      lacks.push({ kind: 'lacks', said: one.module, manager: 'pip', name: one.name, text: one.name });
    } else if (one?.kind === 'unknown') {
      unknown.push(one.module);
    }
  }
  const { packages, pip } = addOffer(lacks);
  return {
    packages,
    pip,
    unknown,
    has: findings.flatMap(one => (one?.kind === 'has' ? [one.said] : [])),
    leftOut,
    version: number
  };
}

async function find(
  shelf: Shelf,
  reporting: INotebookReporting,
  { code, places = [], repair }: INotebookCheck
): Promise<{ findings: Finding[]; leftOut: ReadonlyArray<string> }> {
  const findings: Finding[] = [];
  if (code === 'imports') {
    for (const module of new Set(places.flatMap(({ what = '' }) => (MODULE.test(what) ? [what] : [])))) {
      findings.push(await shelf.findModule(module));
    }
    return { findings, leftOut: [] };
  }
  if (code === 'installs') {
    const cells = Array.from(reporting.panel.model?.cells ?? []);
    const sources = [...new Set(places.map(({ cell }) => cells[reporting.cellAt(cell)]))].flatMap(cell =>
      cell ? [cell.sharedModel.getSource()] : []
    );
    const found = sources.map(readInstallations);
    for (const wanted of found.flatMap(one => one.wanted)) {
      findings.push(await shelf.findPackage(wanted));
    }
    const leftOut = [...new Set(found.flatMap(one => one.leftOut))];
    if (findings.length + leftOut.length > 0) {
      return { findings, leftOut };
    }
  }
  // What is there, and was not asked for; or what Python installs, which only the server reads.
  for (const name of (repair?.arguments?.packages ?? []) as ReadonlyArray<string>) {
    const manager = shelf.managerOf(name);
    const wanted = { name: pipName(name), text: name, constraint: '', isPipOnly: false };
    findings.push(
      manager
        ? { kind: 'lacks', said: name, manager, name, text: name }
        : await shelf.findPackage({ manager: 'pip', ...wanted })
    );
  }
  return { findings, leftOut: [] };
}
