/**
 * The new environment's name and namespace, and what they lead to: a kernel's name, or why they cannot be had.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { caretDownIcon } from '@jupyterlab/ui-components';
import React from 'react';

interface INameFieldProps {
  name: string;
  namespace: string;
  namespaces: ReadonlyArray<string>;
  /** Why the name cannot be had, or null. */
  problem: string | null;
  trans: TranslationBundle;
  onName: (name: string) => void;
  onNamespace: (namespace: string) => void;
}

const HELP = 'envstore-new-name-help';

export function NameField(props: INameFieldProps): React.ReactElement {
  const { name, problem, trans } = props;
  return (
    <div>
      <div className="envstore-namefield">
        <input
          className="envstore-input"
          id="envstore-new-name"
          type="text"
          spellCheck={false}
          autoComplete="off"
          autoFocus
          value={name}
          aria-describedby={HELP}
          aria-invalid={problem !== null}
          onChange={event => props.onName(event.currentTarget.value)}
        />
        <span className="envstore-muted">{trans.__('in')}</span>
        <NamespaceSelect {...props} />
      </div>
      <p className={`envstore-help${problem ? ' envstore-error' : ''}`} id={HELP} role="status">
        {problem ??
          (name
            ? trans.__('Its kernel will be called %1 (v1)', name)
            : trans.__('Letters, digits and . _ - make a name'))}
      </p>
    </div>
  );
}

interface INamespaceProps {
  id?: string;
  namespace: string;
  namespaces: ReadonlyArray<string>;
  trans: TranslationBundle;
  onNamespace: (namespace: string) => void;
}

/** The namespace that it goes into. */
export function NamespaceSelect(props: INamespaceProps): React.ReactElement {
  const { namespace, trans } = props;
  const offered = [...new Set([...props.namespaces, namespace])];
  return (
    <span className="envstore-selectbox">
      <select
        className="envstore-select"
        id={props.id}
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
