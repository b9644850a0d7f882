/**
 * Which kernels an environment has, as Jupyter's own list of kernels says.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { ServiceManager } from '@jupyterlab/services';

import { keyOf } from '../model/environment-list';
import type { IEnvironmentName } from '../tokens';

/** What a notebook's kernel name says of the version that it is pinned to. */
export interface IPinned {
  readonly namespace: string;
  readonly name: string;
  readonly number: number;
}

/** A part of a kernel's name: two hyphens separate the parts. */
const PART = '((?:(?!--)[a-z0-9._-])+)';
/** After the number stands the beginning of the lock where another environment has the name by now. */
const PINNED = new RegExp(`^envstore-${PART}--${PART}--v(\\d+)(-[0-9a-f]+)?(?:--.+)?$`);
/** Looks at the list of kernels until one that was made is in it. */
export const MOST_LOOKS = 3;

/** Read the name of a kernel of one version; null when it is the name of something else, or does not say all. */
export function readPinnedKernel(kernel: unknown): IPinned | null {
  const match = typeof kernel === 'string' ? PINNED.exec(kernel.toLowerCase()) : null;
  return match && !match[4] ? { namespace: match[1]!, name: match[2]!, number: Number(match[3]) } : null;
}

/** Whether a kernel of that name stays at a version, whichever is active. */
export function isPinnedKernel(kernel: unknown): boolean {
  return typeof kernel === 'string' && PINNED.test(kernel.toLowerCase());
}

/** The name of the kernel of a notebook, also of one that was not started yet; empty where it has none. */
export function kernelNameOf({ sessionContext }: NotebookPanel): string {
  return sessionContext.session?.kernel?.name ?? sessionContext.kernelPreference.name ?? '';
}

/**
 * The version that a kernel stays at; null when it stays at none. The kernel itself knows what its environment is called
 * by now; of one that is not listed there is only its name.
 */
export function pinnedTo({ kernelspecs }: ServiceManager.IManager, kernel: string): IPinned | null {
  const spec = kernelspecs.specs?.kernelspecs[kernel];
  if (!spec) {
    return readPinnedKernel(kernel);
  }
  const mark = spec.metadata?.envstore as
    { environment?: unknown; version?: unknown; pinned?: unknown } | undefined;
  const [namespace, name] = String(mark?.environment).split('/');
  return mark?.pinned === true && namespace && name
    ? { namespace, name, number: Number(mark.version) }
    : null;
}

/**
 * Have a kernel that was just made in the list: without it the host shows its bare name. A look that is under way was
 * begun before, and may not know of it.
 */
export async function listKernel({ kernelspecs }: ServiceManager.IManager, kernel: string): Promise<void> {
  for (let look = 0; look < MOST_LOOKS; look++) {
    await kernelspecs.refreshSpecs();
    if (kernelspecs.specs?.kernelspecs[kernel]) {
      return;
    }
  }
}

/** How many kernels run that were made for one version. */
export function runningOn(services: ServiceManager.IManager, version: IPinned): number {
  const specs = services.kernelspecs.specs?.kernelspecs ?? {};
  const isOf = (kernel: string): boolean => {
    const mark = specs[kernel]?.metadata?.envstore as
      { environment?: unknown; version?: unknown } | undefined;
    return String(mark?.environment).toLowerCase() === keyOf(version) && mark?.version === version.number;
  };
  return [...services.kernels.running()].filter(({ name }) => isOf(name)).length;
}

/** Of the kernels that stay at a version: `first`, or another one where only that is of the language. */
export function kernelIn(
  { kernelspecs }: ServiceManager.IManager,
  version: IPinned,
  language: string,
  first: string
): string {
  const specs = kernelspecs.specs?.kernelspecs ?? {};
  const isIn = (name: string): boolean => specs[name]?.language.toLowerCase() === language.toLowerCase();
  const isOf = (name: string): boolean => {
    const pinned = readPinnedKernel(name);
    return pinned !== null && keyOf(pinned) === keyOf(version) && pinned.number === version.number;
  };
  return isIn(first) ? first : (Object.keys(specs).find(name => isOf(name) && isIn(name)) ?? first);
}

/** Names of the kernels of an environment's active version: Python's first, those of its former names last. */
export function kernelsOf(
  { kernelspecs }: ServiceManager.IManager,
  environment: { namespace: string; name: string }
): string[] {
  const key = keyOf(environment);
  const marks = Object.entries(kernelspecs.specs?.kernelspecs ?? {}).map(([name, spec]) => ({
    name,
    mark: spec?.metadata?.envstore as { environment?: unknown; pinned?: unknown; alias?: unknown } | undefined
  }));
  return marks
    .filter(({ mark }) => String(mark?.environment).toLowerCase() === key && mark?.pinned !== true)
    .sort((a, b) => Number(!!a.mark?.alias) - Number(!!b.mark?.alias) || a.name.length - b.name.length)
    .map(({ name }) => name);
}

/**
 * The kernel of an environment's active version that a pinned one is to be left for: the one that is called alike but for
 * the version, else one of the language. Undefined when the environment has none.
 */
export function followingKernel(
  services: ServiceManager.IManager,
  environment: IEnvironmentName,
  pinned: string,
  language: string
): string | undefined {
  const specs = services.kernelspecs.specs?.kernelspecs ?? {};
  const names = kernelsOf(services, environment);
  return (
    names.find(name => kindOf(name) === kindOf(pinned)) ??
    names.find(name => specs[name]?.language.toLowerCase() === language.toLowerCase()) ??
    names[0]
  );
}

/** Which of a version's kernels one of ours is, by its name; empty for Python's. */
function kindOf(kernel: string): string {
  const [, , ...rest] = kernel.toLowerCase().split('--');
  return rest.slice(isPinnedKernel(kernel) ? 1 : 0).join('--');
}
