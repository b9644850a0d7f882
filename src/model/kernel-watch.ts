/**
 * Whether a notebook's kernel can be replaced without anybody losing what it holds.
 */
import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

/** Watches from the moment on in which somebody wanted another kernel: what was run before is known to that person. */
export class KernelWatch implements IDisposable {
  /**
   * @param isUsed - Whether the kernel that is there may hold something of which the person did not think.
   */
  constructor(
    private readonly session: ISessionContext,
    private isUsed: boolean
  ) {
    this._kernel = this.kernel?.id ?? null;
    session.iopubMessage.connect(this.onMessage, this);
  }

  /** Whether there is no kernel, or the one that there was, in which nothing was run since. */
  get isFree(): boolean {
    const { kernel } = this;
    return !kernel || (kernel.id === this._kernel && !this.isUsed && kernel.status !== 'busy');
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private get kernel(): Kernel.IKernelConnection | null {
    return this.session.session?.kernel ?? null;
  }

  private onMessage(_: ISessionContext, { header }: KernelMessage.IMessage): void {
    if (header.msg_type === 'execute_input') {
      this.isUsed = true;
    }
  }

  private _isDisposed = false;
  private readonly _kernel: string | null;
}
