/**
 * Tells that something that a person asked for was refused.
 */
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import { ServerAwayError, toReport } from '../api/request';

/**
 * Show a notification that says what was not done and why.
 *
 * @param what - A sentence: "geo was not deleted."
 */
export function tellFailure(what: string, error: unknown, trans: TranslationBundle): void {
  const why =
    error instanceof ServerAwayError ? trans.__('The server does not answer.') : toReport(error).message;
  Notification.error(`${what} ${why}`, { autoClose: 10_000 });
}
