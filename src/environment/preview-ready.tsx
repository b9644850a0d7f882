/**
 * A preview that was found: what changes, how much that is, and how the text differs.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IPreview } from '../api/types';
import { formatBytes } from '../components/formatting';
import { useTranslation } from '../components/translation';
import { Delta } from './change-kinds';
import { Fold } from './fold';
import { OtherPlatforms, Unsolved } from './preview-platforms';
import { PreviewTable } from './preview-table';

interface IPreviewReadyProps {
  preview: IPreview;
  active: number;
  next: number;
}

/** Beside the title: how much changes, and for which platforms. */
export function PreviewHead(props: { preview: IPreview }): React.ReactElement {
  const { comparison, unsolved } = props.preview;
  const left = new Set([...Object.keys(unsolved), ...comparison.platforms_removed]);
  const platforms = [...comparison.platforms.map(({ platform }) => platform), ...comparison.platforms_added];
  const covered = platforms.filter(platform => !left.has(platform)).join(', ');
  return (
    <>
      <Delta changes={comparison.platforms[0]?.changes ?? []} />
      <span className="envstore-spacer" />
      <span className="envstore-muted envstore-clip" title={covered}>
        {covered}
      </span>
    </>
  );
}

export function PreviewReady(props: IPreviewReadyProps): React.ReactElement {
  const { preview, next } = props;
  const trans = useTranslation();
  const { comparison } = preview;
  const changes = comparison.platforms[0]?.changes ?? [];
  const label = trans.__('Preview of version %1', next);
  return (
    <>
      <p className="envstore-muted envstore-previewfacts" role="status">
        {factsOf(props, trans)}
      </p>
      <Unsolved preview={preview} />
      {changes.length > 0 && (
        <PreviewTable changes={changes} label={label} before={preview.parent} after={next} />
      )}
      {!preview.nothing_to_build && <OtherPlatforms preview={preview} after={next} />}
      {comparison.specification_diff && (
        <Fold title={trans.__('What changes in the YAML')}>
          <pre className="envstore-output" tabIndex={0}>
            {comparison.specification_diff}
          </pre>
        </Fold>
      )}
    </>
  );
}

/** How much it is, and what stays. */
function factsOf(props: IPreviewReadyProps, trans: TranslationBundle): string {
  const { preview, active } = props;
  if (preview.nothing_to_build) {
    return trans.__('These changes lead to the same packages. Nothing to build.');
  }
  const { after, platforms } = preview.comparison;
  const { changes = [], download = 0, unknown_sizes: unknown = 0 } = platforms[0] ?? {};
  const stay = trans.__('Version %1 and running kernels stay as they are.', active);
  const count = trans._n('%1 package in all', '%1 packages in all', after.package_count);
  if (changes.length === 0) {
    return `${trans.__('The packages stay the same, %1.', count)} ${stay}`;
  }
  if (after.size_on_disk !== null) {
    const here = trans.__(
      'Nothing to download: its files are here already, %1',
      formatBytes(after.size_on_disk)
    );
    return `${here}, ${count}. ${stay}`;
  }
  const size = unknown > 0 ? trans.__('at least %1', formatBytes(download)) : formatBytes(download);
  return `${trans.__('%1 to download', size)}, ${count}. ${stay}`;
}
