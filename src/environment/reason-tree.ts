/**
 * The tree of reasons as it is drawn: what the person asked for, and below each entry what stands against it. Pure.
 */
import type { IExplanation, IReason } from '../api/types';
import { packageName } from '../new/requirement';

/** A line of the tree. */
export interface IReasonNode {
  readonly text: string;
  /** `asked` is an entry of the person's own, `dead-end` a reason that rests on nothing further. */
  readonly kind: 'asked' | 'step' | 'dead-end';
  readonly children: ReadonlyArray<IReasonNode>;
}

/** Arrange the reasons of an explanation below the entries that they are about. */
export function reasonTree(explanation: Pick<IExplanation, 'conflict' | 'reasons'>): IReasonNode[] {
  const left = [...explanation.reasons];
  const asked = explanation.conflict.map((entry): IReasonNode => {
    const about = left.filter(reason => firstWord(reason.text) === packageName(entry));
    for (const reason of about) {
      left.splice(left.indexOf(reason), 1);
    }
    // “numpy 2.3.* cannot be installed because …” says no more than the entry that it stands below.
    const children = about.flatMap(reason => (reason.because.length > 0 ? reason.because : [reason]));
    return { text: entry, kind: 'asked', children: merged(children).map(toNode) };
  });
  return [...asked, ...merged(left).map(toNode)];
}

/** Of branches that begin alike, one with what stands below them all. */
function merged(reasons: ReadonlyArray<IReason>): IReason[] {
  const byText = new Map<string, IReason>();
  for (const reason of reasons) {
    const same = byText.get(reason.text);
    byText.set(reason.text, same ? { ...same, because: [...same.because, ...reason.because] } : reason);
  }
  return [...byText.values()];
}

function toNode(reason: IReason): IReasonNode {
  const children = merged(reason.because).map(toNode);
  return { text: reason.text, kind: children.length > 0 ? 'step' : 'dead-end', children };
}

function firstWord(text: string): string {
  return /^[\w.-]+/.exec(text)?.[0].toLowerCase() ?? '';
}
