/**
 * Keeps a report beside its notebook.
 */
import { Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import type { INotebookReport } from '../../api/types';
import { tellFailure } from '../../components/failures';

type IContents = Pick<Contents.IManager, 'driveName' | 'get' | 'save'>;

/** What saving needs. */
export interface IKeepContext {
  readonly contents: IContents;
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
}

/** Where the report on a notebook is kept. */
export function reportPath(notebook: string): string {
  return `${notebook.slice(0, notebook.length - PathExt.extname(notebook).length)}.report.json`;
}

/**
 * Save a report beside its notebook; an earlier one is replaced, any other file is not. Never rejects: people are told.
 *
 * @returns The path of the file; undefined when there is none.
 */
export async function keepReport(
  context: IKeepContext,
  notebook: string,
  report: INotebookReport
): Promise<string | undefined> {
  const { contents, commands, trans } = context;
  const path = reportPath(notebook);
  const name = PathExt.basename(path);
  try {
    if (await isOther(contents, path)) {
      Notification.error(trans.__('The report was not saved: %1 is another file. Rename it first.', name), {
        autoClose: 10_000
      });
      return undefined;
    }
    const content = `${JSON.stringify(report, null, 2)}\n`;
    await contents.save(path, { type: 'file', format: 'text', content });
  } catch (error) {
    tellFailure(trans.__('The report was not saved.'), error, trans);
    return undefined;
  }
  Notification.success(trans.__('The report is in %1, beside the notebook.', name), {
    autoClose: 8_000,
    actions: [
      {
        label: trans.__('Open'),
        callback: () => void commands.execute('docmanager:open', { path, factory: 'Editor' })
      }
    ]
  });
  return path;
}

/** Whether there is a file that is no report. */
async function isOther(contents: IContents, path: string): Promise<boolean> {
  // The folder is asked: for a file that is not there the browser would show a failure.
  const drive = contents.driveName(path);
  const folder = PathExt.dirname(path) || (drive && `${drive}:`);
  const { content: listed } = await contents.get(folder, { type: 'directory', content: true });
  if (!(listed as ReadonlyArray<Contents.IModel>).some(({ name }) => name === PathExt.basename(path))) {
    return false;
  }
  const found = await contents.get(path, { type: 'file', format: 'text', content: true });
  try {
    const { checks, checked } = JSON.parse(found.content as string) as Partial<INotebookReport>;
    return !Array.isArray(checks) || typeof checked !== 'string';
  } catch {
    return true; // no JSON, so no report
  }
}
