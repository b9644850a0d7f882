import { Dialog, Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';

import { RequestError } from '../api/request';
import { tellFailure } from '../components/failures';
import { settle } from './notebook-panel';

const trans = nullTranslator.load('');
const WHAT = 'rivers.ipynb was not changed.';

const labels = (): string[] =>
  Notification.manager.notifications[0]!.options.actions?.map(({ label }) => label) ?? [];

afterEach(() => Notification.dismiss());

describe('What was refused', () => {
  it('is told in a notification', () => {
    tellFailure(WHAT, new RequestError(404, 'version_not_found', 'There is no v2.', {}), trans);
    expect(Notification.manager.notifications[0]!.message).toBe(`${WHAT} There is no v2.`);
    expect(labels()).toEqual([]);
  });

  it('can be read to its end where the host would cut it', async () => {
    const why = `There is no v2. ${'Nothing was done. '.repeat(8)}Make it first.`;
    tellFailure(WHAT, new RequestError(404, 'version_not_found', why, {}), trans);
    expect(labels()).toEqual(['Read all']);
    Notification.manager.notifications[0]!.options.actions![0]!.callback(new MouseEvent('click'));
    await settle();
    const dialog = Dialog.tracker.currentWidget!;
    await dialog.ready;
    expect(dialog.node.textContent).toContain('Make it first.');
    dialog.resolve(0);
  });
});
