/**
 * Says above the list that the server does not answer, or that the login has ended, and from when the list is; or that
 * the server cannot build.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { isEntryRefusal } from '../api/request';
import { LinkButton } from '../components/buttons';
import { Banner } from '../components/empty';
import { formatTime } from '../components/formatting';
import { warningIcon } from '../components/icons';
import { useTranslation } from '../components/translation';
import { CommandIDs, type Connection, type IErrorReport } from '../tokens';
import { useActions } from './actions';

export function ConnectionBanner(props: {
  connection: Connection;
  problem: IErrorReport | null;
  readAt: Date | null;
}): React.ReactElement | null {
  const trans = useTranslation();
  const { run, loginUrl } = useActions();
  const { connection, problem, readAt } = props;
  if (connection.kind !== 'failed') {
    return (
      problem && (
        <Banner look="warn" icon={warningIcon}>
          {trans.__('Nothing can be built at the moment.')} {problem.message}
        </Banner>
      )
    );
  }
  const { error, status } = connection;
  const isRefused = isEntryRefusal(status, error.code) && error.code !== 'stale_page';
  return (
    <Banner look="warn" icon={warningIcon} blocks>
      {isRefused && readAt
        ? trans.__('Your login has ended. Logging in opens another tab; what is open here stays.')
        : explain(error.code === 'server_away' ? 'away' : status, error.message, trans)}
      {readAt && ` ${trans.__('This is the list of %1.', formatTime(readAt))}`}
      <br />
      {isRefused && (
        <>
          <a className="envstore-link" href={loginUrl} target="_blank" rel="noopener noreferrer">
            {trans.__('Log in again')}
          </a>
          {' \u00a0 '}
        </>
      )}
      <LinkButton onClick={() => run(CommandIDs.refresh)}>{trans.__('Try again')}</LinkButton>
    </Banner>
  );
}

function explain(status: number | 'away' | undefined, message: string, trans: TranslationBundle): string {
  switch (status) {
    case 'away':
      return trans.__('The server does not answer.');
    case 404:
      return trans.__(
        'The server extension is not running. Start Jupyter from the Python environment that jupyter_envstore is installed in.'
      );
    default:
      return message;
  }
}
