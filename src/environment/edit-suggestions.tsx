/**
 * What a person can do about a failed build of an edit or an update, each as a button.
 */
import React, { useState } from 'react';

import type { IBuild, IBuildRequest } from '../api/types';
import { tellFailure } from '../components/failures';
import { useTranslation } from '../components/translation';
import { parsePip } from '../new/pip-requirement';
import { packageName } from '../new/requirement';
import { readEntries } from './asked';
import { consentOf } from './consent';
import { useEnvironmentContext } from './context';
import type { IEntryEdit } from './draft';
import { remediesOf, type IRemedy } from './remedies';
import { RemedyList } from './remedy-list';
import { repeated } from './repeating';

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
  const again = async (asked: IBuildRequest, change: Parameters<typeof repeated>[2]): Promise<void> => {
    onBuild((await model.edit(build.namespace, build.name, repeated(build, asked, change))).id);
  };
  const apply = ({ change }: IRemedy): Promise<void> =>
    attempt(async () => {
      const asked = await client.buildRequest(build.id);
      const { add, remove, addPip, removePip } = editOf(change, asked.specification);
      const edited = await client.editText({
        specification: asked.specification,
        ...{ add, remove, add_pip: addPip, remove_pip: removePip }
      });
      await again(asked, { specification: edited.specification });
    });
  const allow = (packages: ReadonlyArray<string>): Promise<void> =>
    attempt(async () => {
      const asked = await client.buildRequest(build.id);
      await again(asked, { allow_source: [...asked.allow_source, ...packages] });
    });
  const edit = (): Promise<void> =>
    attempt(async () => onEdit((await client.buildRequest(build.id)).specification));
  return (
    <RemedyList
      remedies={remediesOf(build)}
      needsConsent={consentOf(build)}
      verb={trans.__('Build with this')}
      editVerb={trans.__('Edit…')}
      busy={busy}
      onAllow={packages => void allow(packages)}
      onApply={remedy => void apply(remedy)}
      onEdit={() => void edit()}
    />
  );
}

/** A remedy as an edit of entries: what stands instead of another entry takes its line. */
export function editOf(change: IRemedy['change'], text: string): IEntryEdit {
  const pip = new Set(
    readEntries(text).flatMap(entry => (entry.manager === 'pip' ? [spaced(entry.text)] : []))
  );
  if (change.remove.length > 0 && change.remove.every(entry => pip.has(spaced(entry)))) {
    const nameOf = (entry: string): string => parsePip(entry)?.name ?? entry;
    const kept = new Set(change.add.map(nameOf));
    return { addPip: [...change.add], removePip: change.remove.map(nameOf).filter(name => !kept.has(name)) };
  }
  const kept = new Set(change.add.map(packageName));
  return {
    add: [...change.add],
    remove: change.remove.map(packageName).filter(name => !kept.has(name))
  };
}

function spaced(text: string): string {
  return text.replace(/\s+/g, '');
}
