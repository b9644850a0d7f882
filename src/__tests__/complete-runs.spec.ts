import type { IRunningKernel } from '../api/types';
import { CompleteRuns, type IExecuted } from '../model/complete-runs';
import { ran, SamplePanel, type ISampleCell } from './notebook-samples';

let sample: SamplePanel;
let recorded: unknown[];
let running: IRunningKernel[];
let runs: CompleteRuns;
let isBare: boolean;
let ranOn: string | null;

beforeEach(() => {
  sample = new SamplePanel();
  recorded = [];
  isBare = false;
  ranOn = null;
  running = [{ id: 'k1', environment: 'local/geo', version: 2 }];
  runs = new CompleteRuns(
    { find: () => sample.panel },
    {
      standing: () => ({
        isBare,
        get ranOn() {
          return ranOn;
        },
        forgetRun: () => (ranOn = null),
        record: async (...what: unknown[]) => {
          recorded.push(what);
          ranOn = `lock of ${String(what[0])}`;
        }
      })
    } as never,
    {
      kernels: async () => running,
      version: async (namespace, name, number) =>
        ({ lock: `lock of ${namespace}/${name}@${number}` }) as never
    }
  );
});

/** Let cells end one after the other; each has the number that it has then. */
async function run(cells: ISampleCell[], failing = ''): Promise<void> {
  for (const cell of cells) {
    await runs.take({
      notebook: sample.content,
      cell: { model: (sample.model.cells as ISampleCell[]).find(({ id }) => id === cell.id) },
      success: cell.id !== failing
    } as unknown as IExecuted);
  }
}

describe('A run', () => {
  it('of all cells in their order is recorded with the version that the kernel really runs', async () => {
    const [a, b] = [ran('a', 1), ran('b', 2)];
    sample.show(a, { id: 'text', type: 'markdown', source: 'Words' }, b, ran('empty', null, { source: ' ' }));
    await run([a]);
    expect(recorded).toEqual([]);
    await run([{ id: 'text', type: 'markdown' }, b]);
    expect(recorded).toEqual([['local/geo@2', [1, 2]]]);
  });

  it.each<[string, ISampleCell[], ISampleCell[], string]>([
    ['in another order', [ran('a', 2), ran('b', 1)], [ran('b', 1), ran('a', 2)], ''],
    ['with something in between', [ran('a', 1), ran('b', 3)], [ran('a', 1), ran('b', 3)], ''],
    ['with an error', [ran('a', 1), ran('b', 2)], [ran('a', 1), ran('b', 2)], 'a'],
    ['of some of them', [ran('a', 1), ran('b', 2), ran('c', 3)], [ran('b', 2), ran('c', 3)], ''],
    ['of a text that was changed since', [ran('a', 1, { isDirty: true })], [ran('a', 1)], '']
  ])('%s is not recorded', async (_, cells, order, failing) => {
    sample.show(...cells);
    await run(order, failing);
    expect(recorded).toEqual([]);
  });

  it('looks at all cells after the last one only, however many there are', async () => {
    const cells = Array.from({ length: 50 }, (_, index) => ran(`c${index}`, index + 1));
    sample.show(...cells, { id: 'text', type: 'markdown', source: 'Words' });
    let looks = 0;
    for (const { sharedModel } of sample.model.cells as Array<{ sharedModel: { getSource: () => string } }>) {
      const { getSource } = sharedModel;
      sharedModel.getSource = () => {
        looks++;
        return getSource();
      };
    }
    await run(cells);
    expect(recorded).toHaveLength(1);
    // Of each that ran, of the last one after each, and of all in the end.
    expect(looks).toBeLessThanOrEqual(3 * 51);
  });

  it('begins anew with the kernel, whatever was before', async () => {
    const [a, b] = [ran('a', 1), ran('b', 2)];
    sample.show(a, b);
    await run([a, b], 'b');
    await run([b, a]);
    expect(recorded).toEqual([]);
    await run([a, b]);
    expect(recorded).toHaveLength(1);
  });

  it('is not recorded where somebody took out what was put in', async () => {
    const a = ran('a', 1);
    sample.show(a);
    isBare = true;
    await run([a]);
    expect(recorded).toEqual([]);
  });

  it('on a kernel that is none of ours is not recorded, nor one that a person does not want recorded', async () => {
    const a = ran('a', 1);
    sample.show(a);
    running = [{ id: 'other', environment: 'local/geo', version: 2 }];
    await run([a]);
    running = [{ id: 'k1', environment: 'local/geo', version: 2 }];
    runs.enabled = false;
    await run([a]);
    expect(recorded).toEqual([]);
  });
});

describe('An earlier run', () => {
  beforeEach(() => {
    sample.show(ran('a', 1), ran('b', 2));
    ranOn = 'lock of local/geo@2';
  });

  it.each<[string, () => void]>([
    ['another version', () => (running = [{ id: 'k1', environment: 'local/geo', version: 3 }])],
    ['a kernel that is none of ours', () => (running = [])]
  ])('is forgotten as soon as a cell ran on %s, also where it failed', async (_, change) => {
    change();
    await run([ran('a', 1)], 'a');
    expect(ranOn).toBeNull();
    expect(recorded).toEqual([]);
  });

  it('is forgotten when the kernel is another one, whatever number that gives', async () => {
    await run([ran('b', 2)]);
    expect(ranOn).not.toBeNull();
    sample.sessionContext.session = { kernel: { id: 'k2', name: 'envstore-local--geo--v3' } };
    running = [{ id: 'k2', environment: 'local/geo', version: 3 }];
    await run([ran('b', 2)]);
    expect(ranOn).toBeNull();
  });

  it('stays where the same lock runs, and while nobody can tell', async () => {
    await run([ran('a', 1)], 'a');
    expect(ranOn).toBe('lock of local/geo@2');
    Object.defineProperty(running, 'find', {
      value: () => {
        throw new Error('away');
      }
    });
    await run([ran('a', 1)], 'a');
    expect(ranOn).toBe('lock of local/geo@2');
  });

  it('is replaced by a whole one on another version', async () => {
    running = [{ id: 'k1', environment: 'local/geo', version: 3 }];
    await Promise.all([run([ran('a', 1)]), run([ran('b', 2)])]);
    expect(ranOn).toBe('lock of local/geo@3');
  });
});
