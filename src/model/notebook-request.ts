/**
 * What of a notebook the server has to see to know which environment it carries: no outputs, and of the cells only those
 * in which other programs write down what a notebook needs. Pure.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { JSONObject, JSONValue } from '@lumino/coreutils';

/** What a request names a notebook by. */
export type NotebookWords = { readonly metadata: JSONObject } | { readonly content: JSONObject };

/** Where metadata says what a notebook carries: ours, and what other programs write. */
const CARRYING = [
  'envstore',
  'requirements',
  'requirements_lock',
  'runt',
  'conda',
  'uv',
  'uv.lock',
  'environment'
];
const KERNEL = ['kernelspec', 'language_info'];
/** How a block of PEP 723 begins. */
const BLOCK = '# /// script';
/** A request may have 4 million bytes. A cell with a block is short. */
const LONGEST_CELL = 500_000;
const MOST_CELLS = 4;

/**
 * @param sources - The texts of the code cells.
 */
export function wordsOf(metadata: JSONObject, sources: Iterable<string>): NotebookWords {
  const told = Object.fromEntries(
    [...KERNEL, ...CARRYING].flatMap(key => (metadata[key] === undefined ? [] : [[key, metadata[key]]]))
  ) as JSONObject;
  if (told.envstore !== undefined) {
    return { metadata: told };
  }
  const blocks = Array.from(sources).filter(text => text.includes(BLOCK) && text.length <= LONGEST_CELL);
  if (blocks.length === 0) {
    return { metadata: told };
  }
  const cells = blocks.slice(0, MOST_CELLS).map(source => ({
    cell_type: 'code',
    execution_count: null,
    metadata: {},
    outputs: [],
    source
  }));
  return { content: { cells, metadata: told, nbformat: 4, nbformat_minor: 4 } };
}

/** Whether a notebook might carry an environment; the server says whether it does. */
export function saysAnything(words: NotebookWords): boolean {
  return 'content' in words || CARRYING.some(key => words.metadata[key] !== undefined);
}

/** What an open notebook says, as it is being edited. */
export function wordsOfPanel(panel: NotebookPanel): NotebookWords {
  const shared = panel.model?.sharedModel;
  const sources = (shared?.cells ?? []).flatMap(cell => (cell.cell_type === 'code' ? [cell.source] : []));
  return wordsOf({ ...(shared?.metadata as JSONObject | undefined) }, sources);
}

/**
 * What the text of a notebook's file says.
 *
 * @returns Null when it is no notebook.
 */
export function wordsOfText(text: string): NotebookWords | null {
  let notebook: unknown;
  try {
    notebook = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(notebook) || typeof notebook.nbformat !== 'number') {
    return null;
  }
  const cells = Array.isArray(notebook.cells) ? notebook.cells : [];
  const sources = cells.flatMap(cell =>
    isObject(cell) && cell.cell_type === 'code' ? [sourceOf(cell)] : []
  );
  return wordsOf(isObject(notebook.metadata) ? notebook.metadata : {}, sources);
}

function sourceOf(cell: JSONObject): string {
  const lines: JSONValue[] = Array.isArray(cell.source) ? (cell.source as JSONValue[]) : [cell.source ?? ''];
  return lines.filter(line => typeof line === 'string').join('');
}

function isObject(value: unknown): value is JSONObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
