import { Again } from '../model/again';

describe('A reading', () => {
  it('that fails does not keep the next ones from being done', async () => {
    let times = 0;
    const again = new Again(async () => {
      times++;
      await Promise.resolve();
      if (times === 1) {
        throw new Error('away');
      }
    });
    const first = again.run();
    const second = again.run();
    await expect(first).rejects.toThrow('away');
    await second;
    await Promise.all([again.run(), again.run()]);
    expect(times).toBe(4);
  });
});
