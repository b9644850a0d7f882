/**
 * The words of the question whether an environment is to be deleted: what goes, what stays, who uses it now.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import React from 'react';

/** Days for which a deleted environment can be brought back. */
const DAYS = 30;

export class DeleteQuestion extends ReactWidget {
  /**
   * @param versions - How many versions it has.
   * @param running - How many notebooks run on it now.
   */
  constructor(
    private readonly versions: number,
    private readonly running: number,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('envstore');
    this.addClass('envstore-question');
  }

  protected override render(): React.ReactElement {
    const { versions, running, trans } = this;
    return (
      <>
        <p>
          {versions > 0
            ? trans._n('Its version and its kernel go.', 'Its %1 versions and its kernel go.', versions)
            : trans.__('It has no version yet. A build of it that goes on is cancelled.')}{' '}
          {versions > 0 && trans.__('They can be brought back for %1 days.', DAYS)}
        </p>
        {running > 0 && (
          <p className="envstore-muted">
            {trans._n(
              '%1 notebook runs on it now and keeps running until its kernel stops.',
              '%1 notebooks run on it now and keep running until their kernels stop.',
              running
            )}
          </p>
        )}
      </>
    );
  }
}
