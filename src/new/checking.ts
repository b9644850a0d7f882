/**
 * What is wrong with a draft, as the server sees it and as one can tell without it.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { useCallback } from 'react';

import type { IEnvStoreClient, IRemark } from '../tokens';
import type { NewDraft } from './draft';
import { nameProblem, namespaceProblem } from './names';
import { useAnswer } from './search';

const CHECK_DELAY = 250;
const TAKEN_DELAY = 150;
const NO_REMARKS: ReadonlyArray<IRemark> = [];

/** What is known of a draft. */
export interface IChecked {
  /** Why the name cannot be had, or null. */
  readonly nameProblem: string | null;
  /** What is wrong with the specification. */
  readonly errors: ReadonlyArray<IRemark>;
  /** What is worth knowing about it. */
  readonly warnings: ReadonlyArray<IRemark>;
}

/** Check the draft, again each time that it changes. */
export function useChecked(draft: NewDraft, client: IEnvStoreClient, trans: TranslationBundle): IChecked {
  const text = draft.text;
  const check = useCallback((asked: string) => client.check(asked), [client]);
  const report = useAnswer(text, check, CHECK_DELAY);
  // What was said of a text that has changed meanwhile would be marked at a wrong line.
  const all = (report.question === text && report.answer?.remarks) || NO_REMARKS;
  // Of the name is spoken where it stands, and sooner.
  const remarks = all.filter(remark => remark.code !== 'invalid_name');

  return {
    nameProblem: useNameProblem(draft.namespace, draft.name, client, trans),
    errors: remarks.filter(remark => remark.severity === 'error'),
    warnings: remarks.filter(remark => remark.severity === 'warning')
  };
}

/** Why a new environment cannot have a name, or null; asked again each time that it changes. */
export function useNameProblem(
  namespace: string,
  name: string,
  client: Pick<IEnvStoreClient, 'environments'>,
  trans: TranslationBundle
): string | null {
  const isTaken = useCallback((asked: string) => isNameTaken(client, asked), [client]);
  const broken = namespaceProblem(namespace, trans) ?? nameProblem(name, trans);
  const wanted = name && !broken ? `${namespace}/${name}` : '';
  const taken = useAnswer(wanted, isTaken, TAKEN_DELAY);
  return (
    broken ??
    (wanted && taken.question === wanted && taken.answer
      ? trans.__('%1 exists. Choose another name.', wanted)
      : null)
  );
}

/** Whether an environment (`namespace/name`) exists that has a version, or is getting one. */
async function isNameTaken(client: Pick<IEnvStoreClient, 'environments'>, wanted: string): Promise<boolean> {
  const [namespace, name] = wanted.split('/') as [string, string];
  const { items } = await client.environments({ namespace, search: name, limit: 500 });
  const found = items.find(item => item.name.toLowerCase() === name.toLowerCase());
  return found !== undefined && (found.active_version !== null || found.state === 'building');
}
