/**
 * Chooses one side of a comparison: any version of this environment, or of another one.
 */
import { InputDialog } from '@jupyterlab/apputils';
import { caretDownEmptyIcon } from '@jupyterlab/ui-components';
import React from 'react';

import type { IEnvironment, IVersion } from '../api/types';
import { tellFailure } from '../components/failures';
import { useTranslation } from '../components/translation';
import { keyOf } from '../model/environment-list';
import { readReference, readWritten, referenceOf } from '../model/references';
import type { IEnvironmentName } from '../tokens';
import { useEnvironmentContext } from './context';
import { useRead } from './read';
import { environmentAmong } from './sides';
import { versionTitle } from './version-texts';

interface ISidePickerProps {
  environment: IEnvironment;
  /** A reference, `namespace/name@number`. */
  value: string;
  /** The reference on the other side. */
  beside: string;
  label: string;
  onChange: (reference: string) => void;
}

/** Versions that one can choose from; of an older one the number can be typed under "Another environment…". */
const MOST = 200;
const ANOTHER = '?';

export function SidePicker(props: ISidePickerProps): React.ReactElement {
  const { environment, value, beside, label, onChange } = props;
  const { client, model } = useEnvironmentContext();
  const trans = useTranslation();
  const { namespace, name, active_version: active } = environment;
  const target = readReference(value);
  const isHome = target !== null && keyOf(target) === keyOf(environment);
  const among = [environment, target, readReference(beside)].filter(item => item !== null);
  const titled = (of: IEnvironmentName, title: string): string =>
    [environmentAmong(of, among), title].filter(Boolean).join(' ');
  const own = useRead(`${namespace}/${name} ${active}`, () =>
    client.versions(namespace, name, { limit: MOST })
  );
  const foreign = useRead(isHome || !target ? null : keyOf(target), () =>
    client.versions(target!.namespace, target!.name, { limit: MOST })
  );

  const choose = async (): Promise<void> => {
    const another = await InputDialog.getItem({
      title: trans.__('Compare with which environment?'),
      label: trans.__('Its name; an older version as name@3'),
      items: model.environments
        .filter(item => item.active_version !== null)
        .map(item => referenceOf(item.namespace, item.name, item.active_version!)),
      editable: true,
      okLabel: trans.__('Compare')
    });
    const text = another.value?.trim();
    if (!another.button.accept || !text) {
      return;
    }
    const what = trans.__('%1 cannot be compared with.', text);
    const written = readWritten(text, namespace);
    if (!written) {
      tellFailure(what, new Error(trans.__('Write a name such as geo, team/geo or geo@3.')), trans);
      return;
    }
    try {
      const found = await model.read(written.namespace, written.name);
      const number = written.number ?? found.active_version;
      if (number === null) {
        throw new Error(trans.__('It has no version yet.'));
      }
      onChange(referenceOf(found.namespace, found.name, number));
    } catch (error) {
      tellFailure(what, error, trans);
    }
  };

  const options = (
    versions: ReadonlyArray<IVersion> | undefined,
    of: typeof environment | null
  ): JSX.Element[] =>
    (versions ?? [])
      .filter(version => !version.deleted)
      .map(version => {
        const reference = referenceOf(version.namespace, version.name, version.number);
        const title = versionTitle(
          { ...version, active: of ? version.number === active : version.active },
          trans
        );
        return (
          <option key={reference} value={reference}>
            {titled(version, title)}
          </option>
        );
      });
  const mine = options(own.value?.items, environment);
  const theirs = isHome ? [] : options(foreign.value?.items, null);
  const isListed = [...mine, ...theirs].some(
    option => String(option.key).toLowerCase() === value.toLowerCase()
  );
  return (
    <span className="envstore-selectbox">
      <select
        className="envstore-select envstore-sideselect"
        aria-label={label}
        title={value}
        value={value}
        onChange={event => {
          if (event.currentTarget.value === ANOTHER) {
            void choose();
          } else {
            onChange(event.currentTarget.value);
          }
        }}
      >
        {!isListed && <option value={value}>{isHome ? titled(target, `v${target.number}`) : value}</option>}
        {mine}
        {target && theirs.length > 0 && (
          <optgroup label={`${target.namespace}/${target.name}`}>{theirs}</optgroup>
        )}
        <option value={ANOTHER}>{trans.__('Another environment…')}</option>
      </select>
      <caretDownEmptyIcon.react className="envstore-icon" tag="span" />
    </span>
  );
}
