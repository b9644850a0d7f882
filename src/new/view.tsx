/**
 * What is in the dialog for a new environment: form, YAML or what a lockfile holds, and the buttons.
 */
import type { IEditorServices } from '@jupyterlab/codeeditor';
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useCallback, useEffect, useRef, useState } from 'react';

import { toReport } from '../api/request';
import type { IBuild, IErrorReport, IStatus } from '../api/types';
import { Banner } from '../components/empty';
import { failedIcon } from '../components/icons';
import { useSignal } from '../components/use-model';
import type { IEnvStoreClient, IEnvStoreModel } from '../tokens';
import { useChecked } from './checking';
import type { NewDraft } from './draft';
import { isWithoutPackages } from './environment-text';
import { Form } from './form';
import { Lockfile } from './lockfile';
import { useLooked } from './looking';
import { PipFile } from './pip-file';
import { lookUpProject } from './projects';
import { ModeSwitch } from './mode-switch';
import { Yaml } from './yaml';

/** What the dialog needs of the world. */
export interface INewContext {
  readonly client: IEnvStoreClient;
  readonly model: IEnvStoreModel;
  readonly services: IEditorServices;
  readonly status: IStatus;
  readonly trans: TranslationBundle;
}

interface INewViewProps extends INewContext {
  draft: NewDraft;
  titleId: string;
  onFile: (file: File) => void;
  onCancel: () => void;
  onCreated: (build: IBuild) => void;
}

const SEARCH_LIMIT = 12;

export function NewView(props: INewViewProps): React.ReactElement {
  const { draft, client, model, status, trans } = props;
  useSignal(draft.changed);
  useSignal(model.changed);
  const checked = useChecked(draft, client, trans);
  const looked = useLooked(draft, client);
  const [sending, setSending] = useState(false);
  const [refusal, setRefusal] = useState<IErrorReport | null>(null);
  const text = draft.text;
  useEffect(
    () => setRefusal(null),
    [
      text,
      draft.name,
      draft.namespace,
      draft.lockfile,
      draft.pipFile,
      draft.environment,
      draft.python,
      draft.allowed
    ]
  );

  const channels = draft.fields.channels.join();
  const search = useCallback(
    async (pattern: string, signal?: AbortSignal) => {
      const channel = channels ? channels.split(',') : [];
      return (await client.search({ pattern, channel, limit: SEARCH_LIMIT }, signal)).items;
    },
    [client, channels]
  );

  const lookUp = useCallback(
    (name: string, signal?: AbortSignal) => lookUpProject(client, name, signal),
    [client]
  );

  const isLocked = draft.lockfile !== null;
  const inTheWay = isLocked ? looked.obstacles.length + (looked.error ? 1 : 0) : checked.errors.length;
  const problems = inTheWay + (checked.nameProblem ? 1 : 0);
  const isEmpty = (draft.mode === 'form' || draft.mode === 'yaml') && isWithoutPackages(text);
  const isComplete = draft.name !== '' && !isEmpty;
  const canCreate = problems === 0 && isComplete && !sending && (!isLocked || looked.isReady);
  const create = async (): Promise<void> => {
    setSending(true);
    try {
      const message = defaultMessage(draft, trans);
      props.onCreated(
        await (draft.isGiven
          ? model.importFile(draft.toImport(message))
          : model.create(draft.toRequest(message)))
      );
    } catch (error) {
      setRefusal(toReport(error));
      setSending(false);
    }
  };
  const latest = useRef({ canCreate, create });
  latest.current = { canCreate, create };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      // What is still typed in a field joins the draft first.
      window.setTimeout(() => {
        if (latest.current.canCreate) {
          void latest.current.create();
        }
      });
    }
  };

  const namespaces = [status.default_namespace, ...model.namespaces];
  return (
    <div className="envstore-new" onKeyDown={onKeyDown}>
      <div className="jp-Dialog-header">
        <span id={props.titleId}>{trans.__('New environment')}</span>
        {!draft.isGiven && (
          <ModeSwitch
            draft={draft}
            errors={checked.errors}
            trans={trans}
            onChange={mode => draft.show(mode)}
          />
        )}
      </div>
      <div className="jp-Dialog-body">
        {status.problem && <Banner look="warn">{status.problem.message}</Banner>}
        {draft.mode === 'form' && (
          <Form {...props} checked={checked} namespaces={namespaces} search={search} lookUp={lookUp} />
        )}
        {draft.mode === 'yaml' && <Yaml {...props} checked={checked} namespaces={namespaces} />}
        {isLocked && <Lockfile {...props} checked={checked} looked={looked} namespaces={namespaces} />}
        {draft.pipFile && <PipFile {...props} checked={checked} namespaces={namespaces} />}
        {refusal && (
          <Banner look="error" icon={failedIcon} blocks>
            {refusal.message}
          </Banner>
        )}
      </div>
      <div className="jp-Dialog-footer">
        <span className="envstore-muted" role="status">
          {statusText(problems, draft, isEmpty, sending, canCreate, trans)}
        </span>
        <span className="envstore-spacer" />
        <button
          type="button"
          className="jp-Dialog-button jp-mod-reject jp-mod-styled"
          onClick={props.onCancel}
        >
          {trans.__('Cancel')}
        </button>
        <button
          type="button"
          className="jp-Dialog-button jp-mod-accept jp-mod-styled"
          disabled={!canCreate}
          onClick={() => void create()}
        >
          {trans.__('Create')}
        </button>
      </div>
    </div>
  );
}

function statusText(
  problems: number,
  draft: NewDraft,
  isEmpty: boolean,
  sending: boolean,
  canCreate: boolean,
  trans: TranslationBundle
): string {
  if (sending) {
    return trans.__('Creating');
  }
  if (problems > 0) {
    return trans._n('%1 problem', '%1 problems', problems);
  }
  if (!draft.name) {
    return trans.__('It needs a name');
  }
  if (isEmpty) {
    return trans.__('Add a package');
  }
  return canCreate ? trans.__('Ctrl+Enter creates') : '';
}

/** What the first version is called when the person has not said it. */
function defaultMessage(draft: NewDraft, trans: TranslationBundle): string {
  const file = (draft.lockfile ?? draft.pipFile)?.file.split('/').pop();
  return file ? trans.__('Import of %1', file) : trans.__('First version');
}
