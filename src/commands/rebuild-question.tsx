/**
 * The words of the question whether the files of a version are to be built again for a notebook: why, what it costs, and
 * what becomes of the notebook.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import React from 'react';

import type { IVersion } from '../api/types';
import { formatBytes } from '../components/formatting';

export class RebuildQuestion extends ReactWidget {
  /**
   * @param notebook - What the notebook is called.
   */
  constructor(
    private readonly version: IVersion,
    private readonly notebook: string,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('envstore');
    this.addClass('envstore-question');
  }

  protected override render(): React.ReactElement {
    const { version, notebook, trans } = this;
    const { name, number, package_count: count, size } = version;
    return (
      <>
        <p>
          {version.prefix_state === 'broken'
            ? trans.__('Its files are damaged. They are built again from its lock:')
            : trans.__('Its files were freed. They are built again from its lock:')}{' '}
          {trans._n(
            '%1 package, at most %2 to download.',
            '%1 packages, at most %2 to download.',
            count,
            formatBytes(size)
          )}
        </p>
        <p className="envstore-muted">
          {trans.__('%1 keeps its kernel until then, and runs on %2 v%3 afterwards.', notebook, name, number)}
        </p>
      </>
    );
  }
}
