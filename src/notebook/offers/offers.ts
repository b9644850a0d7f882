/**
 * What is offered below the cells of one notebook, where those ended without a package. It lasts as long as the page:
 * only what is run in it is looked at.
 */
import type { ISessionContext } from '@jupyterlab/apputils';
import type { Cell, ICodeCellModel } from '@jupyterlab/cells';
import type { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { PanelLayout } from '@lumino/widgets';

import { isPinnedKernel } from '../../commands/kernels';
import { Again } from '../../model/again';
import { kernelInUse } from '../../model/kernel-in-use';
import type { IOffersContext } from './context';
import { isToInstall, readInstallations, type IInstallation } from './installations';
import { OfferLine, type IOfferState } from './line';
import { findMissingModule } from './missing-module';
import { findOffer, type INeeds, type INeedyKernel } from './offer';
import { awaitedBuild, type IStanding } from './shelves';

/** Statuses after which a kernel is another process than before. */
const RESTARTS: ReadonlyArray<string> = ['starting', 'restarting', 'autorestarting'];

/** What one cell needed. */
interface INeedyCell {
  readonly needs: INeeds;
  state: IOfferState | null;
  line: OfferLine | null;
  /** What `state` was found out for, see `standingKey`; null before it was. */
  foundFor: string | null;
}

export class NotebookOffers implements IDisposable {
  constructor(
    private readonly panel: NotebookPanel,
    private readonly context: IOffersContext
  ) {
    const { sessionContext } = panel;
    sessionContext.kernelChanged.connect(this.onKernelChanged, this);
    sessionContext.statusChanged.connect(this.onStatusChanged, this);
    context.versions.changed.connect(this.look, this);
    context.model.versionsChanged.connect(this.look, this);
    context.model.changed.connect(this.onModelChanged, this);
    panel.disposed.connect(this.dispose, this);
    this.onKernelChanged();
  }

  /** A cell is about to run. */
  begin(cell: Cell): void {
    const { id } = cell.model;
    this.forget(id);
    this._sources.delete(id);
    if (cell.model.type === 'code' && this.kernel) {
      this.follow(this.panel.content.model);
      this._sources.set(id, readInstallations(cell.model.sharedModel.getSource()));
    }
  }

  /** A cell has run. */
  end(cell: Cell): void {
    const { id } = cell.model;
    const installation = this._sources.get(id);
    this._sources.delete(id);
    if (!installation || cell.isDisposed) {
      return;
    }
    const module = findMissingModule((cell.model as ICodeCellModel).outputs);
    if (module !== null || isToInstall(installation)) {
      const needs = { module, installation };
      this._cells.set(id, { needs, state: null, line: null, foundFor: null });
      this.look();
    }
  }

  /** Cells come and go, and come again elsewhere. */
  private follow(model: INotebookModel | null): void {
    if (model !== this._model) {
      this._model?.cells.changed.disconnect(this.show, this);
      this._model = model;
      model?.cells.changed.connect(this.show, this);
    }
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this.clear();
      Signal.clearData(this);
    }
  }

  /** The notebook's kernel, where it is one of ours. */
  private get kernel(): INeedyKernel | null {
    const { sessionContext } = this.panel;
    const version = kernelInUse(sessionContext, this.context.versions)?.version;
    const [, namespace, name, number] = /^([^/]+)\/([^@]+)@(\d+)$/.exec(version ?? '') ?? [];
    return namespace && name
      ? {
          namespace,
          name,
          running: Number(number),
          isPinned: isPinnedKernel(sessionContext.session?.kernel?.name)
        }
      : null;
  }

  /** Something may be otherwise than before. */
  private look(): void {
    if (this._cells.size > 0) {
      void this._looking.run();
    }
  }

  private async findOffers(): Promise<void> {
    const { kernel } = this;
    if (!kernel || this._isDisposed) {
      return;
    }
    // While the server is away, or a channel does not answer, nothing further is said.
    const environment = await this.readStanding(kernel).catch(() => null);
    if (!environment) {
      return;
    }
    const key = (this._standing = this.standingKey(kernel, environment));
    for (const [id, cell] of [...this._cells]) {
      const { needs } = cell;
      if (cell.foundFor === key) {
        continue;
      }
      const { shelves } = this.context;
      const offer = await findOffer(shelves, kernel, environment, needs, cell.state?.offer).catch(
        () => undefined
      );
      if (offer !== undefined && this._cells.get(id) === cell) {
        const { name, running } = kernel;
        const { installation } = needs;
        cell.foundFor = key;
        cell.state = offer && { offer, environment: name, running, installation };
        this.show();
      }
    }
  }

  /** How the environment stands, as the model knows it where it lists it. */
  private async readStanding({ namespace, name }: INeedyKernel): Promise<IStanding> {
    const { model, client } = this.context;
    return model.environment(namespace, name) ?? client.environment(namespace, name);
  }

  /** All that an offer depends on besides what the cell needed. */
  private standingKey({ running, isPinned }: INeedyKernel, environment: IStanding): string {
    const { namespace, name, created, active_version: active } = environment;
    const build = awaitedBuild(environment);
    const looked = this.context.shelves.index.size;
    return [namespace, name, created, active, build, running, isPinned, looked].join(' ');
  }

  /** Have each line where its cell is: that may have been moved, which makes it anew, or be gone for a while. */
  private show(): void {
    for (const [id, cell] of this._cells) {
      const { state, line } = cell;
      if (!state) {
        line?.dispose();
        cell.line = null;
      } else if (line && !line.isDisposed) {
        line.say(state);
      } else {
        cell.line = this.addLine(id, state);
      }
    }
  }

  private addLine(id: string, state: IOfferState): OfferLine | null {
    const widget = this.cell(id);
    const outputs = (widget?.model as ICodeCellModel | undefined)?.outputs;
    if (!widget || !outputs || outputs.length === 0) {
      return null;
    }
    if (widget.isPlaceholder()) {
      void widget.ready.then(() => this.show());
      return null;
    }
    const line = new OfferLine(state, this.actionsOf(id), this.context.trans);
    const layout = widget.layout as PanelLayout;
    // Below the outputs; the last of all is the cell's foot.
    layout.insertWidget(layout.widgets.length - 1, line);
    const onOutputs = (): void => {
      if (outputs.length === 0) {
        this.forget(id);
      }
    };
    outputs.changed.connect(onOutputs);
    line.disposed.connect(() => outputs.changed.disconnect(onOutputs));
    return line;
  }

  private cell(id: string): Cell | undefined {
    return this.panel.content.widgets.find(({ model }) => model.id === id);
  }

  private actionsOf(id: string): ConstructorParameters<typeof OfferLine>[1] {
    const { actions } = this.context;
    const withKernel = (act: (kernel: INeedyKernel) => void): void => {
      if (this.kernel) {
        act(this.kernel);
      }
    };
    return {
      add: offer => withKernel(kernel => actions.add(kernel, offer)),
      showBuild: build => withKernel(kernel => actions.showBuild(kernel, build)),
      restart: () => actions.restart(this.panel),
      switchTo: version => withKernel(kernel => actions.switchTo(kernel, version)),
      run: () => {
        const cell = this.cell(id);
        if (cell) {
          actions.run(this.panel, cell);
        }
      },
      lookUp: project => {
        void actions.lookUp(project).then(onIndex => {
          if (onIndex !== null) {
            this.context.shelves.index.set(project, onIndex);
            this.look();
          }
        });
      },
      hide: () => this.forget(id)
    };
  }

  /** The model changes with each step of each build. */
  private onModelChanged(): void {
    const { kernel } = this;
    const environment = kernel && this.context.model.environment(kernel.namespace, kernel.name);
    if (environment && this.standingKey(kernel, environment) !== this._standing) {
      this.look();
    }
  }

  private onKernelChanged(): void {
    const { kernel } = this;
    const { session } = this.panel.sessionContext;
    if (session?.kernel) {
      this.context.versions.expect(session.kernel);
    }
    const environment = kernel && `${kernel.namespace}/${kernel.name}`;
    if (environment !== this._environment) {
      this._environment = environment;
      this.clear();
    }
    this.look();
  }

  private onStatusChanged(_: ISessionContext, status: Kernel.Status): void {
    if (RESTARTS.includes(status)) {
      this._isStarting = true;
    } else if (this._isStarting && status === 'idle') {
      this._isStarting = false;
      if (this._cells.size > 0) {
        void this.context.versions.refresh();
      }
    }
  }

  private forget(id: string): void {
    this._cells.get(id)?.line?.dispose();
    this._cells.delete(id);
  }

  private clear(): void {
    [...this._cells.keys()].forEach(id => this.forget(id));
    this._sources.clear();
  }

  private _isDisposed = false;
  private _isStarting = false;
  private _environment: string | null = null;
  /** For what was looked last. */
  private _standing = '';
  private _model: INotebookModel | null = null;
  /** What the cells that are running are to install, by the cells' ids: these stay when a cell is moved. */
  private readonly _sources = new Map<string, IInstallation>();
  private readonly _cells = new Map<string, INeedyCell>();
  private readonly _looking = new Again(() => this.findOffers());
}
