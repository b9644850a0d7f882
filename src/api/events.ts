/**
 * What the server tells of its own accord, over JupyterLab's own event bus. An event only says that something changed:
 * what it is now is read over HTTP. Events may be missed, so nothing may rely on them alone.
 */
import type { Event } from '@jupyterlab/services';
import { DisposableDelegate, type IDisposable } from '@lumino/disposable';

/** What all our events are called. */
const SCHEMAS = 'https://schema.jupyter.org/jupyter_envstore/';

/** Something in the store changed: one build, or, where no build is named, anything. */
export interface IStoreEvent {
  readonly build?: number;
  readonly sequence?: number;
}

/**
 * Call `listener` for each event of the store until the returned object is disposed.
 */
export function listen(events: Event.IManager, listener: (event: IStoreEvent) => void): IDisposable {
  const receive = (_: Event.IManager, emission: Event.Emission): void => {
    const event = toStoreEvent(emission);
    if (event) {
      listener(event);
    }
  };
  events.stream.connect(receive);
  return new DisposableDelegate(() => events.stream.disconnect(receive));
}

/** Read an event of the bus; null for those of others. */
export function toStoreEvent(emission: Event.Emission): IStoreEvent | null {
  // Everybody can send anything over the bus, so nothing is taken for granted.
  const { schema_id: schema, build, sequence } = emission as Partial<Record<string, unknown>>;
  if (typeof schema !== 'string' || !schema.startsWith(SCHEMAS)) {
    return null;
  }
  return {
    build: typeof build === 'number' ? build : undefined,
    sequence: typeof sequence === 'number' ? sequence : undefined
  };
}
