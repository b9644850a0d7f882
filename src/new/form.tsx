/**
 * The draft as a form.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IStatus } from '../api/types';
import { Sentence } from '../components/sentence';
import type { IChecked } from './checking';
import { KERNEL_PACKAGE, type NewDraft } from './draft';
import { MessageField } from './message-field';
import { NameField } from './name-field';
import { PackageField } from './package-field';
import { PlatformField } from './platforms';
import { packageName } from './requirement';
import { TextTokens } from './tokens-field';
import type { IPackageSources } from './use-package-search';

interface IFormProps extends IPackageSources {
  draft: NewDraft;
  checked: IChecked;
  status: IStatus;
  namespaces: ReadonlyArray<string>;
  trans: TranslationBundle;
}

export function Form(props: IFormProps): React.ReactElement {
  const { draft, checked, status, trans } = props;
  const { fields, hidden } = draft;
  const hasKernel = fields.packages.some(text => /kernel|^xeus/.test(packageName(text)));
  return (
    <div className="envstore-form">
      <NameField draft={draft} namespaces={props.namespaces} problem={checked.nameProblem} trans={trans} />
      <span className="envstore-label" id="envstore-new-packages">
        {trans.__('Packages')}
      </span>
      <div>
        <PackageField
          labelId="envstore-new-packages"
          packages={fields.packages}
          pip={fields.pip}
          channels={fields.channels}
          search={props.search}
          lookUp={props.lookUp}
          trans={trans}
          onChange={packages => draft.setFields({ packages })}
          onPip={pip => draft.setFields({ pip })}
        />
        {checked.errors.map(error => (
          <p key={error.message} className="envstore-help envstore-error" role="alert">
            <Sentence text={error.message} />
          </p>
        ))}
        {!hasKernel && (
          <p className="envstore-help" role="status">
            {trans.__('Without %1 no notebook can run on it', KERNEL_PACKAGE)}
            <button
              type="button"
              className="envstore-link"
              onClick={() => draft.setFields({ packages: [...fields.packages, KERNEL_PACKAGE] })}
            >
              {trans.__('Add %1', KERNEL_PACKAGE)}
            </button>
          </p>
        )}
        {hidden.length > 0 && (
          <p className="envstore-help">{trans.__('The YAML also has %1. It stays.', hidden.join(', '))}</p>
        )}
      </div>
      <span className="envstore-label" id="envstore-new-channels">
        {trans.__('Channels')}
      </span>
      <div>
        <TextTokens
          id="envstore-new-channels"
          texts={fields.channels}
          label={trans.__('Add a channel')}
          placeholder={trans.__('Add a channel')}
          trans={trans}
          onChange={channels => draft.setFields({ channels })}
        />
        <p className="envstore-help">{trans.__('The first channel wins where two have a package')}</p>
      </div>
      <span className="envstore-label" id="envstore-new-platforms">
        {trans.__('Lock for')}
      </span>
      <PlatformField
        labelId="envstore-new-platforms"
        current={status.platform ?? ''}
        offered={status.platforms}
        chosen={fields.platforms}
        trans={trans}
        onChange={platforms => draft.setFields({ platforms })}
      />
      <MessageField draft={draft} trans={trans} />
    </div>
  );
}
