/**
 * The words of the question whether what a notebook carries is to be removed: what goes, what stays.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import React from 'react';

export class StripQuestion extends ReactWidget {
  /**
   * @param name - Of what it carries; empty where that is not known.
   * @param isHere - Whether a version of this store has the same files.
   */
  constructor(
    private readonly name: string,
    private readonly isHere: boolean,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('envstore');
    this.addClass('envstore-question');
  }

  protected override render(): React.ReactElement {
    const { name, isHere, trans } = this;
    return (
      <>
        <p>
          {name
            ? trans.__('Whoever gets the notebook can no longer build %1 from it.', name)
            : trans.__('Whoever gets the notebook can no longer build its environment from it.')}
        </p>
        <p className="envstore-muted">
          {isHere
            ? trans.__('The environment itself, the kernel and the rest of the notebook stay as they are.')
            : trans.__(
                'No environment here has the same packages, so that this notebook may be the only place that says which they are.'
              )}
        </p>
      </>
    );
  }
}
