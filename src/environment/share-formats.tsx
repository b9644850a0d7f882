/**
 * The formats that a version can be had in, each with the line that says whom it is for.
 */
import { copyIcon, downloadIcon, fileIcon, lockIcon } from '@jupyterlab/ui-components';
import type { LabIcon } from '@jupyterlab/ui-components';
import { caretDownEmptyIcon } from '@jupyterlab/ui-components';
import React, { useState } from 'react';

import type { ISharedFormat, IVersion } from '../api/types';
import { Button, IconButton } from '../components/buttons';
import { copyText } from '../components/copying';
import { tellFailure } from '../components/failures';
import { formatBytes } from '../components/formatting';
import { saveText } from '../components/saving';
import { Sentence } from '../components/sentence';
import { useTranslation } from '../components/translation';
import { referenceOf } from '../model/references';
import { useEnvironmentContext } from './context';
import { useRead } from './read';

type Group = ISharedFormat['group'];

const GROUPS: ReadonlyArray<Group> = ['rebuild', 'carry', 'container'];
/** The environment as people write it; every other file is exact. */
const WRITTEN = 'yaml';

interface IShareFormatsProps {
  version: IVersion;
  formats: ReadonlyArray<ISharedFormat>;
}

export function ShareFormats(props: IShareFormatsProps): React.ReactElement {
  const { version, formats } = props;
  const trans = useTranslation();
  const titles: Record<Group, string> = {
    rebuild: trans.__('To build it again elsewhere'),
    carry: trans.__('To carry it along'),
    container: trans.__('To run it as a container')
  };
  const shown = GROUPS.filter(group => formats.some(format => format.group === group));
  return (
    <>
      {shown.map(group => (
        <section key={group} aria-label={titles[group]}>
          <h3 className="envstore-formats-head">{titles[group]}</h3>
          <ul>
            {formats
              .filter(format => format.group === group)
              .map(format => (
                <Row key={format.format} version={version} format={format} />
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Row(props: { version: IVersion; format: ISharedFormat }): React.ReactElement {
  const { version } = props;
  const { client } = useEnvironmentContext();
  const trans = useTranslation();
  const [platform, setPlatform] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const reference = referenceOf(version.namespace, version.name, version.number);
  const other = useRead(platform && `${reference} ${props.format.format} ${platform}`, async () => {
    const { items } = await client.formats(version, platform!);
    return { platform, format: items.find(item => item.format === props.format.format) ?? null };
  }).value;
  const format = (platform !== null && other?.platform === platform && other.format) || props.format;
  const { title, available } = format;
  // A file for one platform, or one that can only be written for one.
  const isChosen =
    version.platforms.length > 1 &&
    (props.format.platforms.length === 1 || (!props.format.available && props.format.platforms.length > 1));

  const fetched = async (use: (name: string, text: string) => Promise<void> | void): Promise<void> => {
    setBusy(true);
    try {
      const { name, text } = await client.export(version, format.format, platform ?? undefined);
      await use(name, text);
    } catch (error) {
      tellFailure(trans.__('%1 was not made.', title), error, trans);
    } finally {
      setBusy(false);
    }
  };
  const Icon: LabIcon = format.format === WRITTEN ? fileIcon : lockIcon;
  return (
    <li className="envstore-format">
      <Icon.react className="envstore-icon" tag="span" />
      <span>{title}</span>
      <span className="envstore-muted envstore-clip" title={format.reason ?? format.description}>
        {format.reason === null ? format.description : <Sentence text={format.reason} />}
      </span>
      <span className="envstore-format-platform">
        {isChosen && (
          <PlatformSelect
            platforms={version.platforms}
            value={platform ?? (props.format.platforms.length === 1 ? props.format.platforms[0]! : '')}
            label={trans.__('Platform of %1', title)}
            onChange={setPlatform}
          />
        )}
      </span>
      <span className="envstore-muted envstore-num envstore-small">
        {format.bytes === null ? '' : formatBytes(format.bytes)}
      </span>
      <span className="envstore-format-actions">
        {available && (
          <>
            <IconButton
              icon={copyIcon}
              label={trans.__('Copy %1', title)}
              disabled={busy}
              onClick={() => void fetched((_, text) => copyText(text, title, trans))}
            />
            <Button
              icon={downloadIcon}
              aria-label={trans.__('Download %1', title)}
              disabled={busy}
              onClick={() => void fetched(saveText)}
            >
              {trans.__('Download')}
            </Button>
          </>
        )}
      </span>
    </li>
  );
}

interface IPlatformSelectProps {
  platforms: ReadonlyArray<string>;
  value: string;
  label: string;
  onChange: (platform: string) => void;
}

function PlatformSelect(props: IPlatformSelectProps): React.ReactElement {
  const { platforms, value, label, onChange } = props;
  const trans = useTranslation();
  return (
    <span className="envstore-selectbox">
      <select
        className="envstore-select"
        aria-label={label}
        value={value}
        onChange={event => onChange(event.currentTarget.value)}
      >
        {value === '' && <option value="">{trans.__('one platform…')}</option>}
        {platforms.map(platform => (
          <option key={platform} value={platform}>
            {platform}
          </option>
        ))}
      </select>
      <caretDownEmptyIcon.react className="envstore-icon" tag="span" />
    </span>
  );
}
