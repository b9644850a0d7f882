import { Signal } from '@lumino/signaling';

import type { INotebookReport, INotebookReportRequest } from '../api/types';
import { NotebookReports } from '../model/notebook-report';
import { ran, SamplePanel } from './notebook-samples';

const REPORT = { passed: 1, look: 0, failed: 0, checks: [], undone: [] } as unknown as INotebookReport;

let sample: SamplePanel;
let asked: INotebookReportRequest[];
let answer: () => Promise<INotebookReport>;
let standing: { kernel: { version: string }; changed: Signal<object, void>; metadata: () => object };
let versionsChanged: Signal<object, void>;
let reports: NotebookReports;

const of = (): ReturnType<NotebookReports['reporting']> => reports.reporting(sample.panel);

beforeEach(() => {
  sample = new SamplePanel(
    ran('a', 2, { outputs: ['stream', 'error'] }),
    ran('b', 1, { outputs: ['stream'] }),
    {
      id: 'c',
      type: 'markdown',
      source: 'Words'
    }
  );
  asked = [];
  answer = async () => REPORT;
  standing = {
    kernel: { version: 'local/geo@2' },
    changed: new Signal<object, void>({}),
    metadata: () => sample.metadata
  };
  versionsChanged = new Signal<object, void>({});
  reports = new NotebookReports({
    client: {
      report: body => {
        asked.push(body);
        return answer();
      }
    },
    model: { versionsChanged } as never,
    notebooks: { standing: () => standing } as never
  });
});

describe('A report', () => {
  it('is made of what is being edited, without its outputs', async () => {
    expect(await of().check()).toBe(REPORT);
    expect(asked).toEqual([
      {
        kernel: 'envstore-local--geo',
        environment: 'local/geo@2',
        folder: 'work',
        content: {
          nbformat: 4,
          nbformat_minor: 5,
          metadata: sample.metadata,
          cells: [
            { cell_type: 'code', source: 'a()', execution_count: 2, outputs: [{ output_type: 'error' }] },
            { cell_type: 'code', source: 'b()', execution_count: 1, outputs: [{ output_type: 'stream' }] },
            { cell_type: 'markdown', source: 'Words' }
          ]
        }
      }
    ]);
  });

  it('is one object for one notebook, and does again what it was asked for once', async () => {
    await of().check({ verify: true });
    await of().check();
    expect(asked[1]).toMatchObject({ verify: true });
    expect(of()).toBe(of());
  });

  it('knows where a cell is that was moved, and that one is gone', async () => {
    await of().check();
    sample.show(ran('new', null), ran('b', 1), ran('a', 2));
    expect([of().cellAt(1), of().cellAt(2), of().cellAt(3), of().cellAt(9)]).toEqual([2, 1, -1, -1]);
  });

  it('of a text that is too long is made of its file, when that is saved', async () => {
    sample.show(ran('a', 1, { source: 'é'.repeat(2_000_000) }));
    sample.model.dirty = true;
    expect(await of().check()).toBeNull();
    expect(of().error?.code).toBe('notebook_too_large');
    expect(asked).toEqual([]);
    sample.model.dirty = false;
    expect(await of().check()).toBe(REPORT);
    expect(asked[0]).toMatchObject({ path: 'work/rivers.ipynb' });
    expect(asked[0]).not.toHaveProperty('content');
    expect(of().error).toBeNull();
  });

  it('stays when there is no newer one, which is said', async () => {
    await of().check();
    answer = () => Promise.reject(new Error('away'));
    expect(await of().check()).toBeNull();
    expect([of().report, of().error?.message, of().isChecking]).toEqual([REPORT, 'away', false]);
  });
});

describe('What has changed since', () => {
  it('is nothing at first, and before there is a report', async () => {
    const reporting = of();
    await Promise.resolve();
    sample.model.contentChanged.emit();
    expect(reporting.since).toBeNull();
    await reporting.check();
    expect(reporting.since).toBeNull();
  });

  it('is the content, until the next report', async () => {
    await of().check();
    sample.model.contentChanged.emit();
    expect(of().since).toBe('content');
    await of().check();
    expect(of().since).toBeNull();
  });

  it.each([
    ['the version of its kernel', () => (standing.kernel = { version: 'local/geo@3' })],
    ['what it carries', () => (sample.metadata = { ...sample.metadata, envstore: { sha256: 'b' } })],
    ['the record of a run', () => (sample.metadata = { envstore: { run: { finished: 'now' } } })]
  ])('is how it stands: %s', async (_, change) => {
    await of().check();
    standing.changed.emit();
    expect(of().since).toBeNull();
    change();
    sample.model.contentChanged.emit();
    standing.changed.emit();
    expect(of().since).toBe('standing');
  });

  it('is how it stands when versions have changed, and while it is being checked too', async () => {
    const reporting = of();
    answer = async () => {
      versionsChanged.emit();
      return REPORT;
    };
    await reporting.check();
    expect(reporting.since).toBe('standing');
  });
});
