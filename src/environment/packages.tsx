/**
 * The Packages part of the tab: what is asked for, to be changed; and what came with it.
 */
import React, { useCallback, useLayoutEffect, useRef } from 'react';

import type { IEnvironment, IVersion } from '../api/types';
import { Button, LinkButton } from '../components/buttons';
import { Banner } from '../components/empty';
import { tellFailure } from '../components/failures';
import { warningIcon } from '../components/icons';
import { useTranslation } from '../components/translation';
import { useSignal } from '../components/use-model';
import type { IRequirement } from '../new/requirement';
import { lookUpProject } from '../new/projects';
import { PYPI } from '../new/suggestions';
import { hasOwnIndex, problemOf, readChannels, readEntries, type Manager } from './asked';
import { useEnvironmentContext } from './context';
import type { Draft, IEntryEdit } from './draft';
import { adding, constraining, joined, removing } from './entry-edits';
import { useNewest, type Versions } from './newest';
import { AddPackage } from './packages-add';
import { CameWith } from './packages-came';
import { canUpgrade, upgraded } from './packages-newest';
import type { IRowActions } from './packages-row';
import { PackagesTable } from './packages-table';
import { useRead } from './read';
import { followersOf, rowsOf, type IRow } from './rows';

interface IPackagesProps {
  environment: IEnvironment;
  /** The version that the draft starts from. */
  version: IVersion;
  draft: Draft;
  /** Look at what an update of these packages would do, of all when none is named. */
  onUpdate: (names: ReadonlyArray<string>) => void;
  onYaml: () => void;
}

export function Packages(props: IPackagesProps): React.ReactElement {
  const { environment, version, draft, onUpdate } = props;
  const { client, newest } = useEnvironmentContext();
  const trans = useTranslation();
  const body = useRef<HTMLDivElement>(null);
  useSignal(draft.changed);
  const { namespace, name } = environment;
  const { value, error } = useRead(`${namespace}/${name}@${version.number}`, () =>
    client.packages(namespace, name, version.number)
  );

  const { problem } = draft;
  // A specification that only the server can read still has packages to show.
  const before = problemOf(draft.before) ? [] : readEntries(draft.before);
  const after = problem ? before : readEntries(draft.text);
  const channels = problem ? [] : readChannels(draft.text);
  const packages = value?.items ?? [];
  const rows = rowsOf(before, after, draft.changes, packages);
  // Names of packages of one's own index are nobody else's business.
  const ownIndex = !problem && hasOwnIndex(draft.text);
  const sourceOf = (row: IRow): ReadonlyArray<string> => (row.manager === 'pip' ? [PYPI] : channels);
  const namesOf = (manager: Manager): string[] =>
    rows.filter(row => row.manager === manager && !row.entry.isAddress).map(row => row.name);
  const condaVersions = useNewest(namesOf('conda'), channels);
  const pipVersions = useNewest(ownIndex ? [] : namesOf('pip'), [PYPI]);
  const versions = (row: IRow): Versions | null =>
    row.manager === 'pip' ? pipVersions(row.name) : condaVersions(row.name);
  const newer = rows.filter(row => canUpgrade(row, versions(row)));
  // Beside other changes an upgrade is one more of them: it asks for the newest.
  const joining = newer.filter(row => upgraded(row, versions(row)) !== null);

  const key = channels.join(' ');
  const search = useCallback(
    async (pattern: string, signal?: AbortSignal) =>
      (await client.search({ pattern, channel: channels, limit: 30 }, signal)).items,
    [client, key]
  );
  const rowOf = (wanted: string): HTMLElement | null | undefined =>
    body.current?.querySelector<HTMLElement>(`tr[data-package="${CSS.escape(wanted)}"]`);
  const touched = useRef<string | null>(null);
  // Together with the change itself: after it the next button may have been pressed already.
  useLayoutEffect(() => {
    // The button that was pressed goes with what it did: the focus stays near.
    if (touched.current !== null && document.activeElement === document.body) {
      (rowOf(touched.current) ?? body.current?.querySelector<HTMLElement>('[role=combobox]'))?.focus();
    }
    touched.current = null;
  }, [draft.text]);
  const change = (edit: IEntryEdit, row?: IRow): void => {
    touched.current = row?.name ?? null;
    draft.edit(edit).catch(why => tellFailure(trans.__('Nothing was changed.'), why, trans));
  };
  const lookUp = useCallback(
    (wanted: string, signal?: AbortSignal) => lookUpProject(client, wanted, signal),
    [client]
  );
  const add = (requirements: ReadonlyArray<IRequirement>): void => {
    const { edit, repeated } = adding(after, requirements);
    if (edit) {
      change(edit);
    }
    if (repeated[0] !== undefined) {
      // Asked for already: show where.
      rowOf(repeated[0])?.focus();
    }
  };
  const upgrade = (chosen: ReadonlyArray<IRow>): void =>
    change(joined(chosen.map(row => constraining(row.entry, upgraded(row, versions(row))!))), chosen[0]);
  const actions: IRowActions = {
    constrain: (row, constraint) => change(constraining(row.entry, constraint), row),
    remove: row => change(removing(row.entry), row),
    undo: row => {
      if (row.change) {
        touched.current = row.name;
        draft
          .undo(row.change)
          .catch(why => tellFailure(trans.__('The change was not taken back.'), why, trans));
      }
    },
    upgrade: row => (draft.isDirty ? upgrade([row]) : onUpdate([row.name])),
    hindrance: row =>
      draft.isDirty && !joining.includes(row)
        ? trans.__(
            'What is asked of %1 cannot be raised beside other changes. Choose another version.',
            row.name
          )
        : null,
    versionsOf: row =>
      row.manager === 'pip' && ownIndex ? Promise.resolve([]) : newest.read(row.name, sourceOf(row))
  };

  return (
    <div className="envstore-body" ref={body}>
      <div className="envstore-bar">
        <AddPackage
          prefix={`envstore-${namespace}--${name}`}
          channels={channels}
          search={search}
          lookUp={ownIndex ? null : lookUp}
          disabled={problem !== null}
          onAdd={add}
        />
        <span className="envstore-spacer" />
        {newer.length > 0 && (
          <span className="envstore-muted">
            {trans._n('%1 newer version', '%1 newer versions', newer.length)}
          </span>
        )}
        <Button
          disabled={draft.isDirty && joining.length === 0}
          title={
            draft.isDirty
              ? trans.__('Add the newer versions to the changes')
              : trans.__('See what an upgrade of all packages would change')
          }
          onClick={() => (draft.isDirty ? upgrade(joining) : onUpdate([]))}
        >
          {trans.__('Upgrade all')}
        </Button>
      </div>
      {problem && (
        <Banner look="warn" icon={warningIcon}>
          {trans.__('The YAML has an error, so packages cannot be changed here.')}{' '}
          <LinkButton onClick={props.onYaml}>{trans.__('Correct it')}</LinkButton>
        </Banner>
      )}
      {error && (
        <Banner look="error" blocks>
          {error.message}
        </Banner>
      )}
      {rows.length === 0 && value ? (
        <p className="envstore-muted envstore-nomatch">
          {trans.__('Nothing asked for yet. Search above to add the first package.')}
        </p>
      ) : (
        <PackagesTable
          rows={rows}
          newest={versions}
          ownIndex={ownIndex}
          channel={channels[0] ?? 'conda-forge'}
          canEdit={problem === null}
          actions={actions}
        />
      )}
      <CameWith followers={followersOf(packages, before)} />
    </div>
  );
}
