/**
 * One notebook after the other: people are asked about a notebook that they see, and never about two at once.
 */
import { MessageLoop, type Message } from '@lumino/messaging';
import type { Widget } from '@lumino/widgets';

export class Turns {
  /**
   * @param begin - Before this nobody is asked anything.
   */
  constructor(private readonly begin: Promise<unknown>) {}

  /** Do something about a notebook once it is visible and nothing else is being done; never when it is closed before. */
  async take(widget: Widget, work: () => Promise<void>): Promise<void> {
    await this.begin;
    for (;;) {
      await untilVisible(widget);
      const before = this._last;
      let done!: () => void;
      this._last = new Promise(resolve => {
        done = resolve;
      });
      try {
        await before;
        if (widget.isDisposed) {
          return;
        }
        // Another one may have come to the front while it waited for its turn.
        if (widget.isVisible) {
          return await work();
        }
      } finally {
        done();
      }
    }
  }

  private _last: Promise<void> = Promise.resolve();
}

/** Resolves when a widget is visible, or is not there any more. */
function untilVisible(widget: Widget): Promise<void> {
  if (widget.isVisible || widget.isDisposed) {
    return Promise.resolve();
  }
  return new Promise(resolve => {
    const end = (): void => {
      MessageLoop.removeMessageHook(widget, look);
      widget.disposed.disconnect(end);
      resolve();
    };
    const look = (_: unknown, message: Message): boolean => {
      // What is put into a visible place was never hidden.
      if (message.type === 'after-show' || message.type === 'after-attach') {
        end();
      }
      return true;
    };
    MessageLoop.installMessageHook(widget, look);
    widget.disposed.connect(end);
  });
}
