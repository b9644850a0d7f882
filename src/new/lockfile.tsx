/**
 * The draft as a lockfile: what is in it, where that comes from, and what has to be allowed first.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { ILockfileReport } from '../api/types';
import { Banner } from '../components/empty';
import { formatBytes } from '../components/formatting';
import { HoldsRow } from '../components/holds';
import { failedIcon } from '../components/icons';
import { Sentence } from '../components/sentence';
import type { IChecked } from './checking';
import type { NewDraft } from './draft';
import { FileChoice } from './file-choice';
import { LockedPackages, mainPackages } from './locked-packages';
import type { ILooked } from './looking';
import { MessageField } from './message-field';
import { NameField } from './name-field';
import { EnvironmentSelect } from './environment-select';
import { PipHosts } from './pip-hosts';
import { StrangeChannels } from './strange-channels';

interface ILockfileProps {
  draft: NewDraft;
  checked: IChecked;
  looked: ILooked;
  namespaces: ReadonlyArray<string>;
  trans: TranslationBundle;
  onFile: (file: File) => void;
}

export function Lockfile(props: ILockfileProps): React.ReactElement {
  const { draft, checked, looked, trans } = props;
  const { report, error } = looked;
  const file = draft.lockfile?.file.split('/').pop() || trans.__('Lockfile');
  return (
    <div className="envstore-form">
      <NameField draft={draft} namespaces={props.namespaces} problem={checked.nameProblem} trans={trans} />
      <span className="envstore-label" id="envstore-new-holds">
        {trans.__('Lockfile')}
      </span>
      <div>
        <div
          className="envstore-holds"
          role="table"
          aria-labelledby="envstore-new-holds"
          aria-busy={!report && !error}
        >
          <HoldsRow label={trans.__('File')}>{file}</HoldsRow>
          {looked.environments.length > 1 && (
            <HoldsRow label={trans.__('Environment')}>
              <EnvironmentSelect looked={looked} draft={draft} trans={trans} />
            </HoldsRow>
          )}
          {report && <Facts report={report} looked={looked} trans={trans} />}
        </div>
        {!report && !error && <p className="envstore-help">{trans.__('Reading %1', file)}</p>}
        {report && report.packages.length > 0 && <LockedPackages packages={report.packages} trans={trans} />}
        {error && (
          <Banner look="error" icon={failedIcon} blocks>
            <Sentence text={error.message} />
          </Banner>
        )}
        {looked.obstacles.map(obstacle => (
          <Banner key={obstacle} look="error" icon={failedIcon} blocks>
            <Sentence text={obstacle} />
          </Banner>
        ))}
        {looked.open.map(message => (
          <p key={message} className="envstore-help">
            <Sentence text={message} />
          </p>
        ))}
        <PipHosts report={report} draft={draft} trans={trans} />
        {looked.strange.length > 0 && looked.obstacles.length === 0 && (
          <StrangeChannels channels={looked.strange} draft={draft} trans={trans} />
        )}
        <FileChoice trans={trans} onFile={props.onFile}>
          {looked.isReady
            ? trans.__('It is installed exactly as it says. Another file can be dropped here.')
            : trans.__('Another file can be dropped here.')}
        </FileChoice>
      </div>
      <MessageField draft={draft} placeholder={trans.__('Import of %1', file)} trans={trans} />
    </div>
  );
}

/** What the lockfile holds, a line each. */
function Facts(props: {
  report: ILockfileReport;
  looked: ILooked;
  trans: TranslationBundle;
}): React.ReactElement {
  const { report, trans } = props;
  const { size, unmeasured } = props.looked;
  const count = report.packages.length;
  const main = mainPackages(report);
  return (
    <>
      <HoldsRow label={trans.__('Packages')}>
        {trans._n(
          '%1 for %2, which is this machine',
          '%1 for %2, which is this machine',
          count,
          report.platform
        )}
      </HoldsRow>
      {main.length > 0 && (
        <HoldsRow label={trans.__('Main ones')}>
          <span className="envstore-mono" title={main.join(', ')}>
            {main.slice(0, 6).join(', ')}
            {main.length > 6 && ', …'}
          </span>
        </HoldsRow>
      )}
      <HoldsRow label={trans.__('From')}>
        {report.channels.map((channel, index) => (
          <React.Fragment key={channel.url}>
            {index > 0 && ', '}
            <b title={channel.url}>{channel.name}</b>
          </React.Fragment>
        ))}
      </HoldsRow>
      <HoldsRow label={trans.__('Locked for')}>{report.platforms.join(', ')}</HoldsRow>
      {size !== null && (
        <HoldsRow label={trans.__('Download')}>
          {formatBytes(size)}
          {unmeasured > 0 &&
            `, ${trans._n('and %1 package of unknown size', 'and %1 packages of unknown size', unmeasured)}`}
        </HoldsRow>
      )}
    </>
  );
}
