/**
 * Says that another version became active while one edited, and what can be done about it.
 */
import React from 'react';

import type { IVersion } from '../api/types';
import { LinkButton } from '../components/buttons';
import { Banner } from '../components/empty';
import { tellFailure } from '../components/failures';
import { warningIcon } from '../components/icons';
import { useTranslation } from '../components/translation';
import type { Draft } from './draft';

export function DraftConflict(props: { draft: Draft; version: IVersion }): React.ReactElement | null {
  const { draft, version } = props;
  const trans = useTranslation();
  const { number } = version;
  if (!draft.isDirty || draft.base === null || draft.base === number) {
    return null;
  }
  const move = (): void => {
    draft
      .move(version)
      .catch(error =>
        tellFailure(trans.__('The changes still start from version %1.', draft.base), error, trans)
      );
  };
  return (
    <Banner look="warn" icon={warningIcon}>
      {trans.__(
        'Version %1 is active now. These changes start from version %2, and what version %1 changed is not in them.',
        number,
        draft.base
      )}{' '}
      {draft.canMove ? (
        <LinkButton onClick={move}>{trans.__('Start from version %1 instead', number)}</LinkButton>
      ) : (
        trans.__('They change more than single packages, so they cannot be moved to version %1.', number)
      )}
    </Banner>
  );
}
