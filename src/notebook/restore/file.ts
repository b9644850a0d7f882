/**
 * Makes an environment from a notebook's file: of what it carries, after showing what that is.
 */
import { PathExt } from '@jupyterlab/coreutils';

import type { IBuild } from '../../api/types';
import { plainText } from '../../components/strange-text';
import { saysAnything, wordsOfText } from '../../model/notebook-request';
import type { IRestoreContext } from './context';
import { ask } from './restoring';

/**
 * @returns The build that was begun; null when the person did not want it.
 * @throws An `Error` with a sentence for the person when nothing can be made from it.
 */
export async function createFromNotebook(
  context: Pick<IRestoreContext, 'client' | 'model' | 'trans'>,
  text: string,
  path: string
): Promise<IBuild | null> {
  const { trans } = context;
  const words = wordsOfText(text);
  if (!words) {
    throw new Error(trans.__('It cannot be read as a notebook.'));
  }
  if (!saysAnything(words)) {
    throw new Error(
      trans.__(
        'It carries no environment. Whoever has one for it can embed that, or save it as an environment.yml.'
      )
    );
  }
  const file = PathExt.basename(path);
  const decision = await ask(context, words, file, { kind: 'create', file: plainText(file) });
  return decision.kind === 'built' ? decision.restoration.build : null;
}
