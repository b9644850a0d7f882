import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';

import type { NotebookStanding } from '../model/notebook-standing';
import { FakePanel, FakeStore, KERNEL, settle } from './notebook-panel';

let panel: FakePanel;
let store: FakeStore;

const of = (): NotebookStanding => store.of(panel);

beforeEach(() => {
  panel = new FakePanel();
  store = new FakeStore();
  Widget.attach(panel, document.body);
});

afterEach(() => panel.dispose());

describe('How a notebook stands', () => {
  it('is asked of the server with the version that its kernel runs', async () => {
    const standing = of();
    await settle();
    expect(store.asked).toEqual([
      { metadata: { kernelspec: { name: KERNEL } }, kernel: KERNEL, environment: 'local/geo@2' }
    ]);
    expect(standing.state?.state).toBe('none');
  });

  it('is one object for one notebook', () => {
    expect(of()).toBe(of());
  });

  it.each([
    ['its metadata', () => panel.model.metadataChanged.emit(undefined)],
    ['its kernel', () => panel.sessionContext.kernelChanged.emit(undefined)],
    ['the list of kernels', () => panel.sessionContext.specsManager.specsChanged.emit(undefined)],
    ['a version', () => store.versionsChanged.emit()]
  ])('is asked again when %s has changed', async (_, change) => {
    of();
    await settle();
    change();
    await settle();
    expect(store.asked).toHaveLength(2);
  });

  it('waits until somebody sees it', async () => {
    panel.hide();
    of();
    await settle();
    store.versionsChanged.emit();
    await settle();
    expect(store.asked).toHaveLength(0);
    panel.show();
    MessageLoop.flush();
    await settle();
    expect(store.asked).toHaveLength(1);
  });

  it('is not known while the server is away', async () => {
    const standing = of();
    await settle();
    store.answer = async () => {
      throw new Error('away');
    };
    await standing.refresh();
    expect(standing.state).toBeNull();
  });

  it('asks for nothing once the notebook is closed', async () => {
    const standing = of();
    await settle();
    panel.dispose();
    store.versionsChanged.emit();
    await settle();
    expect(store.asked).toHaveLength(1);
    expect(standing.kernel).toBeNull();
  });
});

describe('A standing', () => {
  it('is settled when the state is about what is the case', async () => {
    const standing = of();
    expect(standing.isSettled).toBe(false);
    await settle();
    expect(standing.isSettled).toBe(true);
    panel.hide();
    store.versionsChanged.emit();
    await settle();
    expect(standing.isSettled).toBe(false);
  });

  it('is not settled while a kernel starts, and asks then which version that runs', async () => {
    const standing = of();
    await settle();
    panel.sessionContext.statusChanged.emit('restarting');
    store.running = [{ id: 'k1', version: 1 }];
    expect(standing.isSettled).toBe(false);
    panel.sessionContext.statusChanged.emit('idle');
    await settle();
    expect(standing.isSettled).toBe(true);
    expect(standing.kernel?.version).toBe('local/geo@1');
    expect(store.asked.at(-1)?.environment).toBe('local/geo@1');
  });

  it('is not settled while a kernel starts that was started again before it had answered', async () => {
    const standing = of();
    await settle();
    let answer = (): void => undefined;
    store.client.kernels = () => new Promise(resolve => (answer = () => resolve(store.running as never)));
    panel.sessionContext.statusChanged.emit('restarting');
    panel.sessionContext.statusChanged.emit('idle');
    panel.sessionContext.statusChanged.emit('restarting');
    answer();
    await settle();
    expect(standing.isSettled).toBe(false);
    store.running = [{ id: 'k1', version: 1 }];
    panel.sessionContext.statusChanged.emit('idle');
    answer();
    await settle();
    expect(standing.isSettled).toBe(true);
    expect(standing.kernel?.version).toBe('local/geo@1');
  });

  it('knows what the notebook would get once that was asked for', async () => {
    const standing = of();
    await settle();
    expect(standing.offered).toBeNull();
    await standing.prepare();
    expect(standing.offered?.bytes).toBe(60_000);
    await standing.prepare();
    expect(store.embedded).toEqual([{ metadata: {}, environment: 'local/geo@2', platforms: [] }]);
  });
});

describe('A notebook', () => {
  it('gets what it is to carry, and nothing else of it is touched', async () => {
    await of().embed();
    expect(store.embedded).toEqual([
      { metadata: { kernelspec: { name: KERNEL } }, environment: 'local/geo@2', platforms: undefined }
    ]);
    expect(panel.stored).toMatchObject({ kernelspec: { name: KERNEL }, envstore: { schema: 1 } });
    expect(of().carried).toMatchObject({ schema: 1 });
  });

  it('says that it was run as a whole beside what it carries, which is not sent', async () => {
    const standing = of();
    await standing.embed();
    const held = panel.stored.envstore as object;
    await standing.record('local/geo@2', [1, 2]);
    expect(store.recorded).toEqual([{ metadata: {}, environment: 'local/geo@2', counts: [1, 2] }]);
    expect(panel.stored.envstore).toEqual({ ...held, run: { lock: 'a' } });
  });

  it('says nothing of a run where somebody else wrote under our name', async () => {
    panel.stored = { envstore: { theirs: true } };
    await of().record('local/geo@2', [1]);
    expect(panel.stored).toEqual({ envstore: { theirs: true } });
  });

  it('that carries nothing says nothing of a run, until it carries what it ran on', async () => {
    const standing = of();
    await standing.record('local/geo@2', [1]);
    expect(panel.stored).toEqual({ kernelspec: { name: KERNEL } });
    await standing.embed();
    expect(panel.stored.envstore).toMatchObject({ lockfile: expect.anything(), run: { lock: 'a' } });
    await standing.strip();
    await standing.embed();
    expect(panel.stored.envstore).not.toHaveProperty('run');
  });

  it('can forget a run that was recorded, or is to be once it carries something', async () => {
    const standing = of();
    expect(standing.ranOn).toBeNull();
    await standing.record('local/geo@2', [1]);
    expect(standing.ranOn).toBe('a');
    standing.forgetRun();
    expect([standing.ranOn, panel.stored]).toEqual([null, { kernelspec: { name: KERNEL } }]);
    await standing.embed();
    const held = panel.stored.envstore;
    await standing.record('local/geo@2', [1]);
    expect(standing.ranOn).toBe('a');
    standing.forgetRun();
    expect(panel.stored.envstore).toEqual(held);
    panel.stored = { envstore: { schema: 1, run: { lock: 'b' } } };
    standing.forgetRun();
    expect(panel.stored).toEqual({});
    panel.stored = { envstore: { run: 'theirs' } };
    standing.forgetRun();
    expect(panel.stored).toEqual({ envstore: { run: 'theirs' } });
  });

  it('says nothing of a run on the kernel before', async () => {
    const standing = of();
    await standing.record('local/geo@2', [1]);
    panel.sessionContext.kernelChanged.emit(undefined);
    await standing.embed();
    expect(panel.stored.envstore).not.toHaveProperty('run');
  });

  it('loses it again', async () => {
    const standing = of();
    await standing.embed('local/geo@1', ['linux-64']);
    expect(store.embedded[0]).toMatchObject({ environment: 'local/geo@1', platforms: ['linux-64'] });
    await standing.strip();
    expect(panel.stored).toEqual({ kernelspec: { name: KERNEL } });
    expect(standing.carried).toBeNull();
  });

  it('can have back what it carried before', async () => {
    const standing = of();
    panel.stored = { ...panel.stored, envstore: { schema: 1, sha256: 'before' } };
    const { carried } = standing;
    await standing.embed();
    standing.putBack(carried);
    expect(panel.stored.envstore).toEqual({ schema: 1, sha256: 'before' });
  });

  it('that is new is not taken for one of the same name, from which something was removed', async () => {
    store.bare.add('rivers.ipynb');
    const standing = of();
    await settle();
    expect(standing.isBare).toBe(false);
  });

  it('is known to be without on purpose, also under another name', async () => {
    panel.source = 'import numpy';
    const standing = of();
    await standing.strip();
    expect(standing.isBare).toBe(true);
    panel.context.pathChanged.emit('streams.ipynb');
    expect(standing.isBare).toBe(true);
    expect(store.bare.has('streams.ipynb')).toBe(true);
    expect(store.bare.has('rivers.ipynb')).toBe(false);
    await standing.embed();
    expect(standing.isBare).toBe(false);
    standing.putBack({ schema: 1, lockfile: {} });
    expect(standing.isBare).toBe(false);
    standing.putBack({ schema: 1, run: { in_order: true } });
    expect(standing.isBare).toBe(true);
    await standing.embed();
    standing.putBack(null);
    expect(standing.isBare).toBe(true);
  });

  it('is known to be without on purpose, whoever took it out or put something in again', async () => {
    panel.stored = { ...panel.stored, envstore: { schema: 1, lockfile: {} } };
    const standing = of();
    await settle();
    panel.model.sharedModel.setMetadata('tags', {});
    expect(standing.isBare).toBe(false);
    panel.model.sharedModel.deleteMetadata('envstore');
    expect(standing.isBare).toBe(true);
    panel.model.sharedModel.setMetadata('envstore', { schema: 1, lockfile: {} });
    expect(standing.isBare).toBe(false);
  });
});
