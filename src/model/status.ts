/**
 * What is known of the server: whether it answers, and what it said. Knows nothing of how that is shown.
 */
import { Signal, type ISignal } from '@lumino/signaling';

import type { IEnvStoreClient, IStatus } from '../tokens';

/**
 * Nothing is known yet, the server answered, or the question failed.
 */
export type ServerState =
  | { readonly kind: 'asking' }
  | { readonly kind: 'answered'; readonly status: IStatus }
  | { readonly kind: 'failed'; readonly error: Error };

/**
 * Asks the server for its status and remembers the answer.
 */
export class ServerStatus {
  constructor(private readonly client: IEnvStoreClient) {}

  /**
   * What is known now.
   */
  get state(): ServerState {
    return this._state;
  }

  /**
   * Emitted when `state` has changed.
   */
  get changed(): ISignal<this, ServerState> {
    return this._changed;
  }

  /**
   * Ask the server. What was known before stays until the answer is there. Never rejects.
   */
  async refresh(): Promise<void> {
    const question = ++this._questions;
    let state: ServerState;
    try {
      state = { kind: 'answered', status: await this.client.status() };
    } catch (error) {
      state = { kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) };
    }
    if (question === this._questions) {
      this._state = state;
      this._changed.emit(state);
    }
  }

  private _state: ServerState = { kind: 'asking' };
  private _questions = 0;
  private readonly _changed = new Signal<this, ServerState>(this);
}
