/**
 * What of a check is to be added to an environment, and of which manager: found out as for the line below a cell.
 */
import { pipName } from '../../new/pip-requirement';
import type { INotebookCheck } from '../../api/types';
import type { IEnvironmentName, IEnvStoreClient, INotebookReporting } from '../../tokens';
import { readInstallations } from '../offers/installations';
import { addOffer } from '../offers/offer';
import type { Finding, Shelf } from '../offers/shelf';
import { Shelves, type ShelvesClient } from '../offers/shelves';

export type AddingClient = ShelvesClient & Pick<IEnvStoreClient, 'environment'>;

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
  client: AddingClient,
  { namespace, name }: IEnvironmentName,
  reporting: INotebookReporting,
  check: INotebookCheck
): Promise<IAddable | null> {
  const environment = await client.environment(namespace, name);
  const { active_version: number } = environment;
  if (number === null) {
    return null;
  }
  const shelf = await new Shelves(client).of(environment, number);
  const { findings, leftOut } = await find(shelf, reporting, check);
  const { packages, pip } = addOffer(findings.flatMap(one => (one?.kind === 'lacks' ? [one] : [])));
  return {
    packages,
    pip,
    unknown: findings.flatMap(one => (one?.kind === 'unknown' ? [one.module] : [])),
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
    return { findings, leftOut: [...new Set(found.flatMap(one => one.leftOut))] };
  }
  // What is there, and was not asked for.
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
