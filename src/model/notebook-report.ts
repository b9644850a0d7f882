/**
 * The reports on open notebooks: what stands between them and the same results elsewhere.
 */
import { PathExt } from '@jupyterlab/coreutils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { JSONObject } from '@lumino/coreutils';
import { Signal, type ISignal } from '@lumino/signaling';

import { toReport } from '../api/request';
import type { IErrorReport, INotebookReport, INotebookReportRequest } from '../api/types';
import type {
  IEnvStoreClient,
  IEnvStoreModel,
  IEnvStoreNotebooks,
  IEnvStoreReports,
  INotebookReporting,
  INotebookStanding,
  IReportOptions
} from '../tokens';
import { Again } from './again';
import { contentOf } from './notebook-content';
import { KEY } from './notebook-standing';

/** Bytes of a request that the server reads, with some room for what is around the notebook. */
const MOST = 3_990_000;

/** Why there is no report on a notebook that cannot be sent and is not saved. */
const TOO_LARGE: IErrorReport = {
  code: 'notebook_too_large',
  message: 'The notebook is too large to be sent as it is being edited.',
  details: {}
};

/** What has to be known besides the notebook. */
export interface IReportContext {
  readonly client: Pick<IEnvStoreClient, 'report'>;
  readonly model: Pick<IEnvStoreModel, 'versionsChanged'>;
  readonly notebooks: IEnvStoreNotebooks;
}

/** The reports on all open notebooks. */
export class NotebookReports implements IEnvStoreReports {
  constructor(private readonly context: IReportContext) {}

  reporting(panel: NotebookPanel): NotebookReporting {
    let known = this._known.get(panel);
    if (!known) {
      known = new NotebookReporting(panel, this.context);
      this._known.set(panel, known);
    }
    return known;
  }

  private readonly _known = new WeakMap<NotebookPanel, NotebookReporting>();
}

export class NotebookReporting implements INotebookReporting {
  constructor(
    readonly panel: NotebookPanel,
    private readonly context: IReportContext
  ) {
    this._standing = context.notebooks.standing(panel);
    this._standing.changed.connect(this.compare, this);
    context.model.versionsChanged.connect(this.outdate, this);
    panel.disposed.connect(() => Signal.clearData(this));
    void panel.context.ready.then(() => panel.model?.contentChanged.connect(this.onContentChanged, this));
  }

  get report(): INotebookReport | null {
    return this._report;
  }

  get error(): IErrorReport | null {
    return this._error;
  }

  get isChecking(): boolean {
    return this._isChecking;
  }

  get since(): 'standing' | 'content' | null {
    return this._since;
  }

  get options(): IReportOptions {
    return this._options;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  async check(options: IReportOptions = {}): Promise<INotebookReport | null> {
    this._options = { ...this._options, ...options };
    await this._reading.run();
    return this._error ? null : this._report;
  }

  cellAt(number: number): number {
    const id = this._cells[number - 1];
    return Array.from(this.panel.model?.cells ?? []).findIndex(cell => cell.id === id);
  }

  private async read(): Promise<void> {
    const { panel } = this;
    this._isChecking = true;
    this._changed.emit();
    try {
      await panel.context.ready;
      if (panel.isDisposed || !panel.model) {
        return;
      }
      this._since = null;
      this._place = this.place();
      const cells = Array.from(panel.model.cells, cell => cell.id);
      const request = this.request();
      if (!request) {
        this._error = TOO_LARGE;
        return;
      }
      const report = await this.context.client.report(request);
      this._cells = cells;
      this._report = report;
      this._error = null;
    } catch (error) {
      this._error = toReport(error);
    } finally {
      this._isChecking = false;
      this._changed.emit();
    }
  }

  /**
   * What the server is asked. A notebook whose text is too long is read from its file; null where that is another one
   * than is being edited.
   */
  private request(): INotebookReportRequest | null {
    const { context, model, sessionContext } = this.panel;
    const content = contentOf(model!);
    const about = {
      ...this._options,
      kernel: sessionContext.session?.kernel?.name ?? sessionContext.kernelPreference.name,
      environment: this._standing.kernel?.version
    };
    if (new Blob([JSON.stringify(content)]).size <= MOST) {
      return { ...about, content, folder: PathExt.dirname(context.localPath) };
    }
    if (model!.dirty) {
      return null;
    }
    return { ...about, path: context.localPath };
  }

  /** On what the report depends besides the cells. */
  private place(): string {
    const metadata = this._standing.metadata();
    const held = metadata[KEY] as JSONObject | undefined;
    const run = held?.run as JSONObject | undefined;
    const language = metadata.language_info as JSONObject | undefined;
    const kernel = this.panel.sessionContext.session?.kernel?.name;
    return JSON.stringify([
      kernel,
      this._standing.kernel?.version,
      held?.sha256,
      run?.finished,
      language?.version
    ]);
  }

  private compare(): void {
    if (this.place() !== this._place) {
      this.outdate();
    }
  }

  private outdate(): void {
    this.note('standing');
  }

  private onContentChanged(): void {
    this.note(this._since ?? 'content');
  }

  private note(since: 'standing' | 'content'): void {
    if ((this._report || this._isChecking) && this._since !== since) {
      this._since = since;
      this._changed.emit();
    }
  }

  private _report: INotebookReport | null = null;
  private _error: IErrorReport | null = null;
  private _isChecking = false;
  private _since: 'standing' | 'content' | null = null;
  private _options: IReportOptions = {};
  private _cells: ReadonlyArray<string> = [];
  private _place = '';
  private readonly _standing: INotebookStanding;
  private readonly _reading = new Again(() => this.read());
  private readonly _changed = new Signal<this, void>(this);
}
