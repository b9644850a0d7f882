/**
 * The draft of an environment on screen: as table or as text, with the bar of changes; or the preview of it.
 */
import React, { useEffect, useRef } from 'react';

import type { IEnvironment, IPreviewRequest, IVersion } from '../api/types';
import { ChangeBar } from './change-bar';
import { useEnvironmentContext } from './context';
import { DraftConflict } from './draft-conflict';
import { Packages } from './packages';
import type { Place } from './place';
import { PreviewRun } from './preview-run';
import { Previewing } from './previewing';
import { useRead } from './read';
import { Yaml } from './yaml';

interface IEditingProps {
  environment: IEnvironment;
  /** The active version. */
  version: IVersion;
  tab: 'packages' | 'yaml';
  place: Place;
  /** The number that the next version will have. */
  next: number;
}

export function Editing(props: IEditingProps): React.ReactElement | null {
  const { environment, version, tab, place, next } = props;
  const { client, model, drafts } = useEnvironmentContext();
  const { namespace, name } = environment;
  const draft = drafts.of(environment);
  const box = useRef<HTMLDivElement>(null);
  const run = draft.preview;
  const hadRun = useRef(false);
  useEffect(() => {
    if (hadRun.current && !run) {
      box.current?.focus();
    }
    hadRun.current = run !== null;
  }, [run]);

  const base = draft.base;
  const isOther = base !== null && base !== version.number;
  const older = useRead(isOther ? `${namespace}/${name}@${base}` : null, () =>
    client.version(namespace, name, base!)
  );
  if (base === null) {
    return null;
  }
  // Of a version that is gone, the text is kept in the draft; what is shown beside it is the active one's.
  const other = older.error ? version : older.value?.number === base ? older.value : null;
  const started = isOther ? other : version;

  const look = (request: Partial<IPreviewRequest>): void =>
    draft.show(
      new PreviewRun(model, { environment: `${namespace}/${name}`, parent: draft.base, ...request })
    );
  const preview = (): void => {
    if (draft.isDirty && !draft.problem) {
      look({ specification: draft.text });
    }
  };
  if (run) {
    return (
      <Previewing
        environment={environment}
        run={run}
        draft={draft}
        place={place}
        active={version.number}
        next={next}
      />
    );
  }
  return (
    <div
      ref={box}
      className="envstore-editing"
      tabIndex={-1}
      onKeyDownCapture={event => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          event.stopPropagation();
          preview();
        }
      }}
    >
      <DraftConflict draft={draft} version={version} />
      {tab === 'packages' && started && (
        <Packages
          environment={environment}
          version={started}
          draft={draft}
          onUpdate={update => look({ update: [...update] })}
          onYaml={() => place.go('yaml')}
        />
      )}
      {tab === 'yaml' && <Yaml draft={draft} prefix={`envstore-${namespace}--${name}`} />}
      <ChangeBar draft={draft} onPreview={preview} />
    </div>
  );
}
