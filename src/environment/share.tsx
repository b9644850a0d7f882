/**
 * The Share part of the tab: a version in every format, the platforms that it covers, and what others would need.
 */
import { caretDownEmptyIcon } from '@jupyterlab/ui-components';
import React from 'react';

import type { IEnvironment, IPreviewRequest, IVersion } from '../api/types';
import { Banner } from '../components/empty';
import { failedIcon, warningIcon } from '../components/icons';
import { Sentence } from '../components/sentence';
import { useTranslation } from '../components/translation';
import { referenceOf } from '../model/references';
import { useEnvironmentContext } from './context';
import { useCoverage } from './coverage';
import { useRead } from './read';
import { ShareFormats } from './share-formats';
import { ShareMachine } from './share-machine';
import { SharePlatforms } from './share-platforms';
import { ShareReport } from './share-report';
import { versionTitle } from './version-texts';

interface IShareProps {
  environment: IEnvironment;
  /** The version that is looked at. */
  version: IVersion;
  onVersion: (number: number) => void;
  /** See what an edit of that version would change. */
  onPreview: (request: Partial<IPreviewRequest>) => void;
}

export function Share(props: IShareProps): React.ReactElement {
  const { environment, version, onPreview } = props;
  const { client } = useEnvironmentContext();
  const trans = useTranslation();
  const coverage = useCoverage(version);
  const status = useRead('status', () => client.status()).value;
  const key = referenceOf(version.namespace, version.name, version.number);
  const formats = useRead(key, async () => ({ key, items: (await client.formats(version)).items }));
  const shown = formats.value?.key === key ? formats.value.items : null;
  return (
    <div className="envstore-body envstore-share">
      <div className="envstore-bar envstore-share-line">
        <span>{trans.__('Version')}</span>
        <VersionSelect environment={environment} version={version} onChange={props.onVersion} />
      </div>
      <SharePlatforms coverage={coverage} offered={status?.platforms ?? []} />
      <ShareMachine version={version} />
      {coverage.error && (
        <Banner look="error" icon={failedIcon} blocks>
          {coverage.error.message}
        </Banner>
      )}
      {coverage.overview?.warnings.map(warning => (
        <Banner key={warning} look="warn" icon={warningIcon}>
          <Sentence text={warning} />
        </Banner>
      ))}
      <ShareReport
        reports={coverage.overview?.platforms ?? []}
        busy={coverage.checking !== null}
        onAdd={platform => onPreview({ platforms: [platform] })}
        onTake={(platform, way) =>
          onPreview({
            platforms: [way.platform ?? platform],
            ...(way.specification !== null && { specification: way.specification })
          })
        }
        onCheck={platform => coverage.check([platform])}
      />
      {formats.error && !shown && (
        <Banner look="error" icon={failedIcon} blocks>
          {formats.error.message}
        </Banner>
      )}
      {shown && <ShareFormats key={key} version={version} formats={shown} />}
    </div>
  );
}

/** Versions that one can choose from. */
const MOST = 200;

interface IVersionSelectProps {
  environment: IEnvironment;
  version: IVersion;
  onChange: (number: number) => void;
}

function VersionSelect(props: IVersionSelectProps): React.ReactElement {
  const { environment, version, onChange } = props;
  const { client } = useEnvironmentContext();
  const trans = useTranslation();
  const { namespace, name, active_version: active } = environment;
  const versions = useRead(`${namespace}/${name} ${active}`, () =>
    client.versions(namespace, name, { limit: MOST })
  ).value;
  const listed = (versions?.items ?? []).filter(({ deleted }) => !deleted);
  const items = listed.some(({ number }) => number === version.number) ? listed : [version, ...listed];
  return (
    <span className="envstore-selectbox">
      <select
        className="envstore-select"
        aria-label={trans.__('Version')}
        value={version.number}
        onChange={event => onChange(Number(event.currentTarget.value))}
      >
        {items.map(item => (
          <option key={item.number} value={item.number}>
            {versionTitle({ ...item, active: item.number === active }, trans)}
          </option>
        ))}
      </select>
      <caretDownEmptyIcon.react className="envstore-icon" tag="span" />
    </span>
  );
}
