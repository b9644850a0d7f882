/**
 * The Share part of the tab with what it leads to: the preview of a version that covers more.
 */
import React, { useState } from 'react';

import type { IEnvironment, IVersion } from '../api/types';
import { useEnvironmentContext } from './context';
import type { Place } from './place';
import { PreviewRun } from './preview-run';
import { Previewing } from './previewing';
import { useRead } from './read';
import { Share } from './share';

interface ISharingProps {
  environment: IEnvironment;
  /** The active version. */
  version: IVersion;
  place: Place;
  /** The number that the next version will have. */
  next: number;
}

export function Sharing(props: ISharingProps): React.ReactElement {
  const { environment, version, place, next } = props;
  const { client, model, drafts } = useEnvironmentContext();
  const { namespace, name } = environment;
  const draft = drafts.of(environment);
  const [chosen, setChosen] = useState<number | null>(null);
  const isOther = chosen !== null && chosen !== version.number;
  const other = useRead(isOther ? `${namespace}/${name}@${chosen}` : null, () =>
    client.version(namespace, name, chosen!)
  ).value;
  const shown = isOther && other?.number === chosen ? other : version;
  const run = draft.preview;
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
    <Share
      environment={environment}
      version={shown}
      onVersion={setChosen}
      onPreview={request =>
        draft.show(
          new PreviewRun(model, { environment: `${namespace}/${name}`, parent: shown.number, ...request })
        )
      }
    />
  );
}
