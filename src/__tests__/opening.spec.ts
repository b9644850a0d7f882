import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';

import { addOpeningCommands } from '../commands/opening';
import type { IVersionContext } from '../commands/version-choice';
import { CommandIDs } from '../tokens';
import { anEnvironment } from './samples';

const KERNEL = 'envstore-local--analysis';

describe('Opening a notebook in an environment', () => {
  let looks: number;
  let commands: CommandRegistry;
  const created = jest.fn();

  /** The commands of a page whose list of kernels has that of the environment after so many looks. */
  const inPage = (listedAfter: number): void => {
    looks = 0;
    const spec = { metadata: { envstore: { environment: 'local/analysis', version: 1 } } };
    const kernelspecs = {
      get specs() {
        return { kernelspecs: looks < listedAfter ? {} : { [KERNEL]: spec } };
      },
      refreshSpecs: async () => void looks++
    };
    commands = new CommandRegistry();
    commands.addCommand('notebook:create-new', { describedBy: { args: {} }, execute: created });
    addOpeningCommands({
      app: { commands, serviceManager: { kernelspecs } },
      model: { environment: () => anEnvironment({ namespace: 'local', name: 'analysis' }) },
      trans: nullTranslator.load('')
    } as unknown as IVersionContext);
  };
  const open = (): Promise<unknown> =>
    commands.execute(CommandIDs.openNotebook, { namespace: 'local', name: 'analysis' });

  beforeEach(() => {
    created.mockClear();
    Notification.manager.dismiss();
  });

  it.each([0, 1, 2])('takes its kernel, listed after so many looks: %s', async listedAfter => {
    inPage(listedAfter);
    await open();
    expect(created).toHaveBeenCalledWith({ kernelName: KERNEL });
    expect(looks).toBe(listedAfter);
  });

  it('says so where it has none', async () => {
    inPage(Infinity);
    await open();
    expect(created).not.toHaveBeenCalled();
    expect(Notification.manager.notifications[0]?.message).toContain('analysis has no kernel.');
  });
});
