/**
 * Notebooks as people name them within a sentence. Whoever sent one has named its file.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';

import { plainText } from '../components/strange-text';

/** With more the host would cut what is said of it. */
const MOST = 48;

/** What the notebook's tab says, as far as it can be shown. */
export function titleOf({ title }: Pick<NotebookPanel, 'title'>): string {
  return plainText(title.label, MOST);
}
