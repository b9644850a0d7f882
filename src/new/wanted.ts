/**
 * The list of packages that are asked for, after more were added. Pure.
 */
import { KERNEL_PACKAGE } from './draft';
import { parsePip } from './pip-requirement';
import { formatRequirement, packageName, type IRequirement } from './requirement';

/**
 * Add requirements to a list of packages. One that is asked for already takes the new constraint where one was given.
 *
 * @returns The new list; `repeated` is the text of a package that was there already, or null.
 */
export function withPackages(
  packages: ReadonlyArray<string>,
  requirements: ReadonlyArray<IRequirement>
): { packages: string[]; repeated: string | null } {
  const next = [...packages];
  let repeated: string | null = null;
  for (const requirement of requirements) {
    const text = formatRequirement(requirement);
    const at = next.findIndex(other => packageName(other) === packageName(requirement.name));
    if (at >= 0) {
      next[at] = requirement.constraint ? text : next[at]!;
      repeated = next[at]!;
    } else if (next.at(-1) === KERNEL_PACKAGE) {
      // It was put there by us, so what the person adds comes before it.
      next.splice(-1, 0, text);
    } else {
      next.push(text);
    }
  }
  return { packages: next, repeated };
}

/** Add requirements to the list of pip. One that is asked for already takes the new constraint where one was given. */
export function withPip(pip: ReadonlyArray<string>, requirements: ReadonlyArray<IRequirement>): string[] {
  const next = [...pip];
  for (const requirement of requirements) {
    const name = parsePip(requirement.name)?.name;
    const at = next.findIndex(other => parsePip(other)?.name === name);
    if (at < 0) {
      next.push(formatRequirement(requirement));
    } else if (requirement.constraint) {
      next[at] = formatRequirement(requirement);
    }
  }
  return next;
}
