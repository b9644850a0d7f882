/**
 * Puts texts into the clipboard.
 */
import { Clipboard, Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

/** Milliseconds for which it is said that something was copied. */
const SAID = 3000;

/** Copy a text and say so. A text that had to be fetched first can be copied too, where the browser allows that. */
export async function copyText(text: string, what: string, trans: TranslationBundle): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Only pages that came by a safe way have that clipboard.
    Clipboard.copyToSystem(text);
  }
  Notification.info(trans.__('%1 is in the clipboard.', what), { autoClose: SAID });
}
