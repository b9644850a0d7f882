/**
 * Shows where in a notebook something is.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';

/**
 * Scroll to a cell and select it.
 *
 * @param index - Which one, from 0.
 * @param line - Which line, from 1: the cursor is put there. Null: the cell as a whole.
 */
export async function showCell(
  { content }: NotebookPanel,
  index: number,
  line: number | null
): Promise<void> {
  const cell = content.widgets[index];
  if (!cell) {
    return;
  }
  content.deselectAll();
  content.activeCellIndex = index;
  await content.scrollToItem(index, 'smart');
  if (line === null) {
    content.mode = 'command';
    return;
  }
  await cell.ready;
  content.mode = 'edit';
  cell.editor?.setCursorPosition({ line: line - 1, column: 0 });
  cell.editor?.revealPosition({ line: line - 1, column: 0 });
  cell.editor?.focus();
}
