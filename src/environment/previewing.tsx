/**
 * The preview that is looked at, and what becomes of it: built, changed by a remedy, or left.
 */
import React from 'react';

import type { IEnvironment, IPreviewRequest } from '../api/types';
import { useEnvironmentContext } from './context';
import type { Draft } from './draft';
import { editOf } from './edit-suggestions';
import type { Place } from './place';
import { Preview } from './preview';
import { PreviewRun } from './preview-run';
import type { IRemedy } from './remedies';

interface IPreviewingProps {
  environment: IEnvironment;
  run: PreviewRun;
  draft: Draft;
  place: Place;
  /** The number of the active version. */
  active: number;
  /** The number that the next version will have. */
  next: number;
}

export function Previewing(props: IPreviewingProps): React.ReactElement {
  const { environment, run, draft, place } = props;
  const { model } = useEnvironmentContext();
  const { namespace, name } = environment;
  const look = (request: Partial<IPreviewRequest>): void =>
    draft.show(new PreviewRun(model, { ...run.request, ...request }));
  const build = async (): Promise<void> => {
    const { parent, specification, update, platforms, allow_source } = run.request;
    const asked = { parent, specification, update, platforms, allow_source, message: run.message };
    const begun = await model.edit(namespace, name, asked);
    draft.show(null);
    // A preview of something else leaves what is being edited as it is.
    if (specification === draft.text) {
      draft.discard();
    }
    place.go('builds', begun.id);
  };
  const apply = async ({ change }: IRemedy): Promise<void> => {
    await draft.edit(editOf(change, draft.text));
    look({ specification: draft.text });
  };
  return (
    <Preview
      run={run}
      name={name}
      active={props.active}
      next={props.next}
      onBack={() => draft.show(null)}
      onAgain={() => look({})}
      onAllow={packages => look({ allow_source: [...(run.request.allow_source ?? []), ...packages] })}
      onRemedy={apply}
      onBuild={build}
    />
  );
}
