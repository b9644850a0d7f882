import type { NotebookPanel } from '@jupyterlab/notebook';
import type { JSONObject } from '@lumino/coreutils';
import { MessageLoop } from '@lumino/messaging';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import type { INotebookEdit, INotebookState, IStateRequest } from '../api/types';
import { NotebookStandings } from '../model/notebook-standing';
import { RunningVersions } from '../model/running-versions';

const NAME = 'envstore-local--geo';
const LOCK = { schema: 1, sha256: 'a' };

/** A notebook's panel, as far as it matters here. */
class FakePanel extends Widget {
  stored: JSONObject = { kernelspec: { name: NAME } };
  readonly context = { ready: Promise.resolve() };
  readonly model = {
    metadataChanged: new Signal<object, unknown>(this),
    sharedModel: {
      panel: this as FakePanel,
      get metadata(): JSONObject {
        return this.panel.stored;
      },
      setMetadata: (key: string, value: JSONObject) => {
        this.stored = { ...this.stored, [key]: value };
        this.model.metadataChanged.emit(undefined);
      },
      deleteMetadata: (key: string) => {
        this.stored = { ...this.stored };
        delete this.stored[key];
        this.model.metadataChanged.emit(undefined);
      }
    }
  };
  readonly sessionContext = {
    kernelDisplayName: 'geo (v2)',
    kernelPreference: { name: NAME },
    session: { kernel: { id: 'k1', name: NAME } },
    kernelChanged: new Signal<object, unknown>(this),
    specsManager: {
      specsChanged: new Signal<object, unknown>(this),
      specs: {
        kernelspecs: { [NAME]: { metadata: { envstore: { environment: 'local/geo', version: 2 } } } }
      }
    }
  };
}

let panel: FakePanel;
let asked: IStateRequest[];
let embedded: object[];
let answer: () => Promise<INotebookState>;
let versionsChanged: Signal<object, void>;
let standings: NotebookStandings;

const of = (): ReturnType<NotebookStandings['standing']> =>
  standings.standing(panel as unknown as NotebookPanel);
const settle = (): Promise<void> => new Promise(resolve => setTimeout(resolve));

beforeEach(() => {
  panel = new FakePanel();
  asked = [];
  embedded = [];
  answer = async () => ({ state: 'none' }) as INotebookState;
  versionsChanged = new Signal<object, void>({});
  const kernels = { running: () => [].values(), runningChanged: new Signal<object, unknown>({}) };
  standings = new NotebookStandings({
    client: {
      notebookState: body => {
        asked.push(body);
        return answer();
      },
      embed: async body => {
        embedded.push(body);
        return { changed: true, metadata: LOCK } as unknown as INotebookEdit;
      },
      strip: async () => ({ changed: true, metadata: null }) as unknown as INotebookEdit
    },
    model: { versionsChanged } as never,
    versions: new RunningVersions(kernels as never, { kernels: async () => [] })
  });
  Widget.attach(panel, document.body);
});

afterEach(() => panel.dispose());

describe('How a notebook stands', () => {
  it('is asked of the server with the version that its kernel runs', async () => {
    const standing = of();
    await settle();
    expect(asked).toEqual([
      { metadata: { kernelspec: { name: NAME } }, kernel: NAME, environment: 'local/geo@2' }
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
    ['a version', () => versionsChanged.emit()]
  ])('is asked again when %s has changed', async (_, change) => {
    of();
    await settle();
    change();
    await settle();
    expect(asked).toHaveLength(2);
  });

  it('waits until somebody sees it', async () => {
    panel.hide();
    of();
    await settle();
    versionsChanged.emit();
    await settle();
    expect(asked).toHaveLength(0);
    panel.show();
    MessageLoop.flush();
    await settle();
    expect(asked).toHaveLength(1);
  });

  it('is not known while the server is away', async () => {
    const standing = of();
    await settle();
    answer = async () => {
      throw new Error('away');
    };
    await standing.refresh();
    expect(standing.state).toBeNull();
  });

  it('asks for nothing once the notebook is closed', async () => {
    const standing = of();
    await settle();
    panel.dispose();
    versionsChanged.emit();
    await settle();
    expect(asked).toHaveLength(1);
    expect(standing.kernel).toBeNull();
  });
});

describe('A notebook', () => {
  it('gets what it is to carry, and nothing else of it is touched', async () => {
    await of().embed();
    expect(embedded).toEqual([
      { metadata: { kernelspec: { name: NAME } }, environment: 'local/geo@2', platforms: undefined }
    ]);
    expect(panel.stored).toEqual({ kernelspec: { name: NAME }, envstore: LOCK });
  });

  it('loses it again', async () => {
    const standing = of();
    await standing.embed('local/geo@1', ['linux-64']);
    expect(embedded[0]).toMatchObject({ environment: 'local/geo@1', platforms: ['linux-64'] });
    await standing.strip();
    expect(panel.stored).toEqual({ kernelspec: { name: NAME } });
  });
});
