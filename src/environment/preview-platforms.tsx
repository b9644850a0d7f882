/**
 * What a preview would change on the other platforms that a version is locked for, and which have no way.
 */
import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import React, { useState } from 'react';

import type { IPlatformChanges, IPreview } from '../api/types';
import { Banner } from '../components/empty';
import { warningIcon } from '../components/icons';
import { Sentence } from '../components/sentence';
import { useTranslation } from '../components/translation';
import { Delta } from './change-kinds';
import { PreviewTable } from './preview-table';

interface IOtherPlatformsProps {
  preview: IPreview;
  after: number;
}

/** Platforms for which nothing fits: the version would not cover them. */
export function Unsolved(props: { preview: IPreview }): React.ReactElement {
  const trans = useTranslation();
  return (
    <>
      {Object.entries(props.preview.unsolved).map(([platform, why]) => (
        <Banner key={platform} look="warn" icon={warningIcon}>
          {trans.__('The new version will not cover %1.', platform)} <Sentence text={why.summary} />
        </Banner>
      ))}
      {props.preview.warnings.map(warning => (
        <Banner key={warning} look="warn" icon={warningIcon}>
          <Sentence text={warning} />
        </Banner>
      ))}
    </>
  );
}

/** The platforms after this machine's, each folded. */
export function OtherPlatforms(props: IOtherPlatformsProps): React.ReactElement {
  const { preview, after } = props;
  return (
    <>
      {preview.comparison.platforms.slice(1).map(changes => (
        <OnPlatform key={changes.platform} changes={changes} before={preview.parent} after={after} />
      ))}
    </>
  );
}

function OnPlatform(props: { changes: IPlatformChanges; before: number; after: number }): React.ReactElement {
  const { platform, changes } = props.changes;
  const trans = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const Caret = isOpen ? caretDownIcon : caretRightIcon;
  const title = trans.__('On %1', platform);
  return (
    <>
      <div className="envstore-subhead">
        <button
          type="button"
          className="envstore-disclosure"
          aria-expanded={isOpen}
          disabled={changes.length === 0}
          onClick={() => setOpen(!isOpen)}
        >
          <Caret.react className="envstore-icon" tag="span" />
          <span>{title}</span>
        </button>
        {changes.length > 0 ? (
          <Delta changes={changes} />
        ) : (
          <span className="envstore-muted">{trans.__('nothing changes')}</span>
        )}
      </div>
      {isOpen && <PreviewTable changes={changes} label={title} before={props.before} after={props.after} />}
    </>
  );
}
