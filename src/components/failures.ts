/**
 * Tells that something that a person asked for was refused.
 */
import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import { ServerAwayError, toReport } from '../api/request';

/** The host cuts what is longer, and what can be done about it stands at the end. */
const MOST_SHOWN = 140;

/**
 * Show a notification that says what was not done and why; what does not fit into one is a click away.
 *
 * @param what - A sentence: "geo was not deleted."
 */
export function tellFailure(what: string, error: unknown, trans: TranslationBundle): void {
  const why =
    error instanceof ServerAwayError ? trans.__('The server does not answer.') : toReport(error).message;
  const message = `${what} ${why}`;
  const readAll = {
    label: trans.__('Read all'),
    callback: () => void showDialog({ title: what, body: why, buttons: [Dialog.okButton()] })
  };
  Notification.error(message, {
    autoClose: 10_000,
    actions: message.length > MOST_SHOWN ? [readAll] : []
  });
}
