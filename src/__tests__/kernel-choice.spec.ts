import type { ServiceManager } from '@jupyterlab/services';

import { kernelIn } from '../commands/kernels';

const VERSION = { namespace: 'local', name: 'geo', number: 1 };
const FIRST = 'envstore-local--geo--v1';

describe('The kernel of a version', () => {
  const services = {
    kernelspecs: {
      specs: {
        kernelspecs: {
          'envstore-local--geo--v2--ir': { language: 'R' },
          [FIRST]: { language: 'python' },
          'envstore-local--geo--v1--ir': { language: 'R' }
        }
      }
    }
  } as unknown as ServiceManager.IManager;

  it.each([
    ['python', FIRST],
    ['r', 'envstore-local--geo--v1--ir'],
    ['julia', FIRST]
  ])('is that of the language of the notebook: %s', (language, kernel) => {
    expect(kernelIn(services, VERSION, language, FIRST)).toBe(kernel);
  });
});
