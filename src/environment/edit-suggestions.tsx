/**
 * What a person can do about a failed build of an edit, each as a button.
 */
import React, { useState } from 'react';

import type { IBuild } from '../api/types';
import { tellFailure } from '../components/failures';
import { useTranslation } from '../components/translation';
import { packageName } from '../new/requirement';
import { useEnvironmentContext } from './context';
import { remediesOf, type IRemedy } from './remedies';
import { RemedyList } from './remedy-list';

interface IEditSuggestionsProps {
  build: IBuild;
  /** Go to the build that was begun. */
  onBuild: (id: number) => void;
  /** Go on editing a text. */
  onEdit: (specification: string) => void;
}

export function EditSuggestions(props: IEditSuggestionsProps): React.ReactElement {
  const { build, onBuild, onEdit } = props;
  const { client, model } = useEnvironmentContext();
  const trans = useTranslation();
  const [busy, setBusy] = useState(false);
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      tellFailure(trans.__('%1 was not built.', build.name), error, trans);
    } finally {
      setBusy(false);
    }
  };
  const apply = ({ change }: IRemedy): Promise<void> =>
    attempt(async () => {
      const { specification, parent, message } = await client.buildRequest(build.id);
      const edited = await client.editText({ specification, ...editOf(change) });
      const asked = { parent, specification: edited.specification, message };
      onBuild((await model.edit(build.namespace, build.name, asked)).id);
    });
  const edit = (): Promise<void> =>
    attempt(async () => onEdit((await client.buildRequest(build.id)).specification));
  return (
    <RemedyList
      remedies={remediesOf(build)}
      verb={trans.__('Build with this')}
      editVerb={trans.__('Edit…')}
      busy={busy}
      onApply={remedy => void apply(remedy)}
      onEdit={() => void edit()}
    />
  );
}

/** A remedy as an edit of entries: what stands instead of another entry takes its line. */
export function editOf(change: IRemedy['change']): { add: string[]; remove: string[] } {
  const kept = new Set(change.add.map(packageName));
  return {
    add: [...change.add],
    remove: change.remove.map(packageName).filter(name => !kept.has(name))
  };
}
