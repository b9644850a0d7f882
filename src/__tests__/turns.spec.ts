import { Widget } from '@lumino/widgets';

import { Turns } from '../notebook/restore/turns';

const settle = (): Promise<void> => new Promise(resolve => setTimeout(resolve));

describe('Notebooks that people are asked about', () => {
  let shown: Widget;
  let hidden: Widget;
  let turns: Turns;

  beforeEach(() => {
    shown = new Widget();
    hidden = new Widget();
    for (const widget of [shown, hidden]) {
      Widget.attach(widget, document.body);
    }
    hidden.hide();
    turns = new Turns(Promise.resolve());
  });

  afterEach(() => {
    shown.dispose();
    hidden.dispose();
  });

  it('come one after the other', async () => {
    const done: string[] = [];
    let end!: () => void;
    void turns.take(shown, () => {
      done.push('first begins');
      return new Promise(resolve => {
        end = () => {
          done.push('first ends');
          resolve();
        };
      });
    });
    void turns.take(shown, async () => {
      done.push('second');
    });
    await settle();
    expect(done).toEqual(['first begins']);
    end();
    await settle();
    expect(done).toEqual(['first begins', 'first ends', 'second']);
  });

  it('are seen once they have a place, too', async () => {
    const late = new Widget();
    const work = jest.fn(async () => undefined);
    void turns.take(late, work);
    await settle();
    Widget.attach(late, document.body);
    await settle();
    expect(work).toHaveBeenCalledTimes(1);
    late.dispose();
  });

  it('wait until they are seen, and hold up nobody', async () => {
    const done: string[] = [];
    void turns.take(hidden, async () => void done.push('hidden'));
    void turns.take(shown, async () => void done.push('shown'));
    await settle();
    expect(done).toEqual(['shown']);
    hidden.show();
    await settle();
    expect(done).toEqual(['shown', 'hidden']);
  });

  it('wait again where another one came to the front meanwhile', async () => {
    const done: string[] = [];
    let end!: () => void;
    void turns.take(
      shown,
      () =>
        new Promise(resolve => {
          end = resolve;
        })
    );
    hidden.show();
    void turns.take(hidden, async () => void done.push('hidden'));
    await settle();
    hidden.hide();
    end();
    await settle();
    expect(done).toEqual([]);
    hidden.show();
    await settle();
    expect(done).toEqual(['hidden']);
  });

  it('are left out when they are closed', async () => {
    const work = jest.fn();
    const taken = turns.take(hidden, work);
    await settle();
    hidden.dispose();
    await taken;
    expect(work).not.toHaveBeenCalled();
  });

  it('wait until the page is there, and go on after a failure', async () => {
    let begin!: () => void;
    turns = new Turns(
      new Promise<void>(resolve => {
        begin = resolve;
      })
    );
    const work = jest.fn(async () => undefined);
    const failing = turns.take(shown, () => Promise.reject(new Error('no')));
    const taken = turns.take(shown, work);
    await settle();
    expect(work).not.toHaveBeenCalled();
    begin();
    await expect(failing).rejects.toThrow('no');
    await taken;
    expect(work).toHaveBeenCalled();
  });
});
