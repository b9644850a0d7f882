/**
 * Which module a cell could not import, as its outputs say. Pure. An output is a stranger's text.
 */
import type { ICodeCellModel } from '@jupyterlab/cells';

/** An error as a kernel tells it. */
export interface IErrorText {
  readonly ename: unknown;
  readonly evalue: unknown;
}

const LONGEST = 200;
const MODULE = "'?([\\p{L}_][\\p{L}\\p{N}_]*(?:\\.[\\p{L}_][\\p{L}\\p{N}_]*)*)'?";
/** What Python says; and what pandas, and those who do as it does, say of a package that one of their parts needs. */
const SAID = [
  new RegExp(`^No module named ${MODULE}(?:;|$)`, 'u'),
  new RegExp(`^Missing optional dependency ${MODULE}\\.(?:\\s|$)`, 'u')
];

/** The dotted name of the module that is missing; null when an error is about something else. */
export function readMissingModule({ ename, evalue }: IErrorText): string | null {
  if ((ename !== 'ModuleNotFoundError' && ename !== 'ImportError') || typeof evalue !== 'string') {
    return null;
  }
  const said = evalue.slice(0, 2 * LONGEST).trim();
  const module = SAID.flatMap(pattern => pattern.exec(said)?.[1] ?? [])[0];
  return module !== undefined && module.length <= LONGEST ? module : null;
}

/** The module that the last error among the outputs of a cell is about; null when it is about something else. */
export function findMissingModule(outputs: ICodeCellModel['outputs']): string | null {
  for (let index = outputs.length - 1; index >= 0; index--) {
    const output = outputs.get(index);
    if (output.type === 'error') {
      return readMissingModule(output.toJSON() as unknown as IErrorText);
    }
  }
  return null;
}
