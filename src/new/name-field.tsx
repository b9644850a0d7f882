/**
 * The new environment's name and namespace, with their label, and what they lead to: a kernel's name, or why they
 * cannot be had.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { caretDownIcon } from '@jupyterlab/ui-components';
import React from 'react';

import type { NewDraft } from './draft';

interface INameFieldProps {
  draft: NewDraft;
  namespaces: ReadonlyArray<string>;
  /** Why the name cannot be had, or null. */
  problem: string | null;
  trans: TranslationBundle;
  /** Set where something else takes the focus. */
  quiet?: boolean;
}

const ID = 'envstore-new-name';
const HELP = `${ID}-help`;

export function NameField(props: INameFieldProps): React.ReactElement {
  const { draft, problem, trans } = props;
  const { name } = draft;
  return (
    <>
      <label htmlFor={ID}>{trans.__('Name')}</label>
      <div>
        <div className="envstore-namefield">
          <input
            className="envstore-input"
            id={ID}
            type="text"
            spellCheck={false}
            autoComplete="off"
            autoFocus={!props.quiet}
            value={draft.typedName}
            aria-describedby={HELP}
            aria-invalid={problem !== null}
            onChange={event => draft.setName(event.currentTarget.value)}
          />
          <span className="envstore-muted">{trans.__('in')}</span>
          <NamespaceSelect
            namespace={draft.namespace}
            namespaces={props.namespaces}
            trans={trans}
            onNamespace={namespace => draft.setNamespace(namespace)}
          />
        </div>
        <p className={`envstore-help${problem ? ' envstore-error' : ''}`} id={HELP} role="status">
          {problem ??
            (name
              ? trans.__('Its kernel will be called %1 (v1)', name)
              : trans.__('Letters, digits and . _ - make a name; team/name makes one in another namespace'))}
        </p>
      </div>
    </>
  );
}

interface INamespaceProps {
  namespace: string;
  namespaces: ReadonlyArray<string>;
  trans: TranslationBundle;
  onNamespace: (namespace: string) => void;
}

/** The namespace that it goes into. A new one is typed before the name. */
function NamespaceSelect(props: INamespaceProps): React.ReactElement {
  const { namespace, trans } = props;
  const offered = [...new Set([...props.namespaces, ...(namespace ? [namespace] : [])])];
  return (
    <span className="envstore-selectbox">
      <select
        className="envstore-select"
        aria-label={trans.__('Namespace')}
        value={namespace}
        onChange={event => props.onNamespace(event.currentTarget.value)}
      >
        {offered.map(option => (
          <option key={option}>{option}</option>
        ))}
      </select>
      <caretDownIcon.react className="envstore-icon" tag="span" />
    </span>
  );
}
