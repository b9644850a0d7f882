/**
 * An open notebook as a report reads it: without what only takes room, its outputs and attachments.
 */
import type { INotebookModel } from '@jupyterlab/notebook';
import type { JSONObject } from '@lumino/coreutils';

type Cell = INotebookModel['cells'] extends Iterable<infer C> ? C : never;

/** A cell of code, as far as it is looked at. */
export type CodeCell = Cell & {
  readonly executionCount: number | null;
  /** Whether its text is another one than was run. */
  readonly isDirty: boolean;
  readonly outputs: { readonly length: number; get(index: number): { readonly type: string } };
};

/** Return the notebook as it is being edited. Of the outputs it says whether there are any, and an error among them. */
export function contentOf(model: INotebookModel): JSONObject {
  return {
    nbformat: model.nbformat,
    nbformat_minor: model.nbformatMinor,
    metadata: model.sharedModel.metadata as JSONObject,
    cells: Array.from(model.cells, contentOfCell)
  };
}

/** The cells of code that have text, in their order. */
export function codeOf(model: INotebookModel): CodeCell[] {
  return Array.from(model.cells).filter(isCode).filter(hasText);
}

/** Whether a cell is the last of these. */
export function isLastCode({ cells }: INotebookModel, id: string): boolean {
  for (let index = cells.length - 1; index >= 0; index--) {
    const cell = cells.get(index);
    if (isCode(cell) && hasText(cell)) {
      return cell.id === id;
    }
  }
  return false;
}

function contentOfCell(cell: Cell): JSONObject {
  const said = { cell_type: cell.type, source: cell.sharedModel.getSource() };
  return isCode(cell) ? { ...said, execution_count: cell.executionCount, outputs: outputsOf(cell) } : said;
}

function outputsOf({ outputs }: CodeCell): JSONObject[] {
  for (let index = 0; index < outputs.length; index++) {
    if (outputs.get(index).type === 'error') {
      return [{ output_type: 'error' }];
    }
  }
  return outputs.length > 0 ? [{ output_type: 'stream' }] : [];
}

function hasText(cell: CodeCell): boolean {
  return cell.sharedModel.getSource().trim() !== '';
}

function isCode(cell: Cell): cell is CodeCell {
  return cell.type === 'code';
}
