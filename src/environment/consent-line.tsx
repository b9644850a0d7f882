/**
 * Lets a person allow that packages are built by their own code. It says what that means, and asks.
 */
import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { Button } from '../components/buttons';
import { warningIcon } from '../components/icons';
import { useTranslation } from '../components/translation';

interface IConsentProps {
  packages: ReadonlyArray<string>;
  busy: boolean;
  onAllow: (packages: ReadonlyArray<string>) => void;
}

export function Consent(props: IConsentProps): React.ReactElement {
  const { packages, busy, onAllow } = props;
  const trans = useTranslation();
  const names = packages.join(', ');
  const ask = async (): Promise<void> => {
    if (await isAllowed(packages, trans)) {
      onAllow(packages);
    }
  };
  return (
    <li className="envstore-suggestion">
      <warningIcon.react className="envstore-icon envstore-icon-warn" tag="span" />
      <span>{trans._n('Build it from its source', 'Build them from their source', packages.length)}</span>
      <span className="envstore-muted envstore-mono envstore-clip" title={names}>
        {names}
      </span>
      <span className="envstore-spacer" />
      <Button
        disabled={busy}
        aria-label={trans.__('Allow the code of %1 to run', names)}
        onClick={() => void ask()}
      >
        {trans._n('Allow its code to run…', 'Allow their code to run…', packages.length)}
      </Button>
    </li>
  );
}

async function isAllowed(packages: ReadonlyArray<string>, trans: TranslationBundle): Promise<boolean> {
  const { button } = await showDialog({
    title: trans.__('Allow the code of %1 to run?', packages.join(', ')),
    body: trans._n(
      'There is no wheel of it. To build one, a program that its authors wrote runs on this server, with your rights: it can read and change your files. Allow it only if you trust them. It is remembered for this environment.',
      'There are no wheels of them. To build some, programs that their authors wrote run on this server, with your rights: they can read and change your files. Allow it only if you trust them. It is remembered for this environment.',
      packages.length
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Do not allow') }),
      Dialog.warnButton({ label: trans.__('Allow') })
    ],
    // The harmless one.
    defaultButton: 0
  });
  return button.accept;
}
