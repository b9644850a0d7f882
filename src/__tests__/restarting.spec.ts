import { restartInFront } from '../commands/restarting';
import type { IBuild } from '../api/types';
import type { RunningVersions } from '../model/running-versions';

const NAME = 'envstore-local--geo';

/** Restart for a build of `local/geo`, with a notebook in front whose kernel runs version 7. */
function restartFor(version: number | null, kernel = NAME, session: object = {}): (() => void) | null {
  const mark = { environment: 'local/geo', version: 8 };
  const sessionContext = {
    isDisposed: false,
    session: { kernel: { id: 'k1', name: kernel } },
    specsManager: {
      specs: {
        kernelspecs: {
          [NAME]: { metadata: { envstore: mark } },
          [`${NAME}--v7`]: { metadata: { envstore: mark } },
          [`${NAME}--v7-0a1b2c3d`]: { metadata: { envstore: mark } }
        }
      }
    },
    ...session
  };
  return restartInFront(
    { currentWidget: { sessionContext } as never },
    { version: () => 7 } as unknown as RunningVersions,
    {
      restart: async asked => {
        expect(asked).toBe(sessionContext);
        restarted++;
        return true;
      }
    }
  )({ namespace: 'local', name: 'Geo', version } as IBuild);
}

let restarted: number;

beforeEach(() => {
  restarted = 0;
});

describe('When a version is ready', () => {
  it('the kernel of the notebook in front can be restarted where it keeps an older one', () => {
    restartFor(8)!();
    expect(restarted).toBe(1);
  });

  it.each<[string, () => (() => void) | null]>([
    ['runs it already', () => restartFor(7)],
    ['was not made by the build, which made files only', () => restartFor(null)],
    ['is of another program', () => restartFor(8, 'python3')],
    ['stays with a version', () => restartFor(8, `${NAME}--v7`)],
    ['stays with one whose lock its name says', () => restartFor(8, `${NAME}--v7-0a1b2c3d`)],
    ['is gone', () => restartFor(8, NAME, { session: null })]
  ])('it cannot where the kernel %s', (_, restart) => {
    expect(restart()).toBeNull();
  });

  it('a notebook that was closed meanwhile is left alone', () => {
    restartFor(8, NAME, { isDisposed: true })!();
    expect(restarted).toBe(0);
  });
});
