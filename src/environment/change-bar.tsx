/**
 * The bar below a draft: how much it changes, and what to do with that.
 */
import { Dialog, showDialog } from '@jupyterlab/apputils';
import React from 'react';

import { Button } from '../components/buttons';
import { useTranslation } from '../components/translation';
import { changeWords } from './change-words';
import type { Draft } from './draft';

/** More changes than these are not thrown away without a question. */
const MOST_UNASKED = 3;

export function ChangeBar(props: { draft: Draft; onPreview: () => void }): React.ReactElement | null {
  const { draft } = props;
  const trans = useTranslation();
  if (!draft.isDirty) {
    return null;
  }
  const { changes, problem } = draft;
  const words = problem
    ? problem.line === null
      ? trans.__('the YAML has an error')
      : trans.__('line %1 of the YAML has an error', problem.line)
    : changeWords(changes, trans);
  const count = Math.max(1, changes.length);
  const discard = async (): Promise<void> => {
    if (changes.length > MOST_UNASKED) {
      const answer = await showDialog({
        title: trans._n('Discard %1 change?', 'Discard %1 changes?', count),
        body: words,
        buttons: [
          Dialog.cancelButton({ label: trans.__('Keep editing') }),
          Dialog.warnButton({ label: trans.__('Discard') })
        ],
        defaultButton: 0
      });
      if (!answer.button.accept) {
        return;
      }
    }
    draft.discard();
  };
  return (
    <div className="envstore-changebar" role="region" aria-label={trans.__('Changes')}>
      <span className="envstore-clip" role="status" title={words}>
        <b>{trans._n('%1 change', '%1 changes', count)}</b>{' '}
        <span className="envstore-muted envstore-changewords">{words}</span>
      </span>
      <span className="envstore-spacer" />
      <Button look="minimal" onClick={() => void discard()}>
        {trans.__('Discard')}
      </Button>
      <Button look="accept" disabled={problem !== null} onClick={props.onPreview}>
        {trans.__('Preview')}
      </Button>
    </div>
  );
}
