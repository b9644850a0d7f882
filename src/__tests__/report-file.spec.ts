import { Notification } from '@jupyterlab/apputils';
import { ServerConnection } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';

import type { INotebookReport } from '../api/types';
import { keepReport, reportPath } from '../notebook/report/file';

const REPORT = { grade: 'pass', checks: [], checked: '2026-11-27T10:00:00Z' } as unknown as INotebookReport;
const PATH = 'work/rivers.report.json';

let files: Map<string, string>;
let refuse: boolean;
let notFound: string[];

const keep = (): Promise<string | undefined> =>
  keepReport(
    {
      contents: {
        driveName: () => '',
        get: async (path: string, { type }: { type: string }) => {
          if (type === 'directory') {
            return { content: [...files.keys()].map(one => ({ name: one.slice(path.length + 1) })) };
          }
          if (!files.has(path)) {
            notFound.push(path);
            throw new ServerConnection.ResponseError({ status: 404, statusText: '' } as Response);
          }
          return { content: files.get(path) };
        },
        save: async (path: string, { content }: { content: string }) => {
          if (refuse) {
            throw new Error('The disk is full.');
          }
          files.set(path, content);
        }
      } as never,
      commands: new CommandRegistry(),
      trans: nullTranslator.load('')
    },
    'work/rivers.ipynb',
    REPORT
  );

const said = (): string[] => Notification.manager.notifications.map(({ message }) => message);

beforeEach(() => {
  files = new Map();
  refuse = false;
  notFound = [];
  Notification.dismiss();
});

describe('A report is kept', () => {
  it('beside its notebook', async () => {
    expect(reportPath('a.b.ipynb')).toBe('a.b.report.json');
    expect(await keep()).toBe(PATH);
    expect(notFound).toEqual([]); // which the browser would show as a failure
    expect(JSON.parse(files.get(PATH)!)).toEqual(REPORT);
    expect(said()).toEqual(['The report is in rivers.report.json, beside the notebook.']);
  });

  it('in the place of an earlier one, and of nothing else', async () => {
    files.set(PATH, JSON.stringify({ ...REPORT, checked: 'before' }));
    expect(await keep()).toBe(PATH);
    for (const other of ['{}', 'mine', '[]', '"x"', 'null']) {
      files.set(PATH, other);
      expect(await keep()).toBeUndefined();
      expect(files.get(PATH)).toBe(other);
    }
    expect(said()[0]).toBe('The report was not saved: rivers.report.json is another file. Rename it first.');
  });

  it('or people are told why not', async () => {
    refuse = true;
    expect(await keep()).toBeUndefined();
    expect(said()[0]).toBe('The report was not saved. The disk is full.');
  });
});
