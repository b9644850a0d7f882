/**
 * What a person can do about a failed build or preview, as changes of what was asked for. Pure.
 */
import type { IErrorReport, IExplanation, IRelaxation } from '../api/types';

/** What failed: a build or a preview. */
type Failed = { readonly error: IErrorReport | null };

/** A change that can be built at once. */
export interface IRemedy {
  /** What it means, in words; empty when the entries say it. */
  readonly title: string;
  /** The entries that stand instead. */
  readonly entries: ReadonlyArray<string>;
  readonly change: Pick<IRelaxation, 'remove' | 'add'>;
}

/** The explanation that an error carries, or null. */
export function explanationOf(failed: Failed): IExplanation | null {
  return (failed.error?.details['explanation'] as unknown as IExplanation | undefined) ?? null;
}

/** The changes that would help: what the explanation offers, or names that are near to those not found. */
export function remediesOf(failed: Failed): IRemedy[] {
  const explanation = explanationOf(failed);
  if (explanation) {
    return explanation.relaxations.map(relaxation => ({
      title: bareTitle(relaxation),
      entries: relaxation.add,
      change: relaxation
    }));
  }
  const near = failed.error?.code === 'package_not_found' ? failed.error.details['packages'] : null;
  return Object.entries((near ?? {}) as Record<string, string[]>).flatMap(([name, others]) =>
    others
      .slice(0, 3)
      .map(other => ({ title: '', entries: [other], change: { remove: [name], add: [other] } }))
  );
}

/** The title without the entries that stand beside it: “Allow a newer Python: `python >=3.10`”. */
function bareTitle(relaxation: IRelaxation): string {
  const { title, add } = relaxation;
  const ending = /^(.*):\s*`([^`]+)`$/s.exec(title);
  return ending && add.length === 1 && add[0] === ending[2] ? ending[1]! : title;
}
