import { ServerStatus } from '../model/status';
import type { IStatus } from '../tokens';

const STATUS: IStatus = { version: '0.1.0', store: '/data/envstore' };

describe('ServerStatus', () => {
  it('knows nothing until it has asked, then tells what changed', async () => {
    const status = new ServerStatus({ status: () => Promise.resolve(STATUS) });
    const kinds: string[] = [status.state.kind];
    status.changed.connect((_, state) => kinds.push(state.kind));

    await status.refresh();

    expect(kinds).toEqual(['asking', 'answered']);
    expect(status.state).toEqual({ kind: 'answered', status: STATUS });
  });

  it('keeps the error of a failed question, and recovers with the next', async () => {
    let away = true;
    const status = new ServerStatus({
      status: () => (away ? Promise.reject(new Error('away')) : Promise.resolve(STATUS))
    });

    await status.refresh();
    expect(status.state).toEqual({ kind: 'failed', error: new Error('away') });

    away = false;
    await status.refresh();
    expect(status.state.kind).toBe('answered');
  });

  it('ignores an answer that comes after that of a later question', async () => {
    const answers: ((status: IStatus) => void)[] = [];
    const status = new ServerStatus({ status: () => new Promise(resolve => answers.push(resolve)) });

    const first = status.refresh();
    const second = status.refresh();
    answers[1]!({ ...STATUS, version: '2.0.0' });
    await second;
    answers[0]!(STATUS);
    await first;

    expect(status.state).toMatchObject({ status: { version: '2.0.0' } });
  });
});
