/**
 * The words of the question whether a version is to be deleted: what goes, what stays, who uses it now.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import React from 'react';

export class DeleteVersionQuestion extends ReactWidget {
  /**
   * @param number - Of the version.
   * @param running - How many kernels run on it now.
   */
  constructor(
    private readonly number: number,
    private readonly running: number,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('envstore');
    this.addClass('envstore-question');
  }

  protected override render(): React.ReactElement {
    const { number, running, trans } = this;
    return (
      <>
        <p>
          {trans.__(
            'What it asked for and its lock go for good; it cannot be brought back. Its files go when nothing else needs them.'
          )}
        </p>
        <p className="envstore-muted">
          {trans.__('The other versions and the kernel stay. The number %1 is not used again.', number)}
        </p>
        {running > 0 && (
          <p className="envstore-muted">
            {trans._n(
              '%1 kernel runs on it now and keeps running until it stops.',
              '%1 kernels run on it now and keep running until they stop.',
              running
            )}
          </p>
        )}
      </>
    );
  }
}
