/**
 * Tells of a version that is ready and waits for a person to activate it.
 */
import React from 'react';

import type { IEnvironment } from '../api/types';
import { Button } from '../components/buttons';
import { useTranslation } from '../components/translation';
import { referenceOf } from '../model/references';
import { useEnvironmentContext } from './context';
import { type ISides } from './sides';
import { offeredVersion } from './waiting';

interface IOfferedProps {
  environment: IEnvironment;
  onCompare: (sides: ISides) => void;
}

export function Offered({ environment, onCompare }: IOfferedProps): React.ReactElement | null {
  const { actions } = useEnvironmentContext();
  const trans = useTranslation();
  const { namespace, name, active_version: active } = environment;
  const offered = offeredVersion(environment);
  if (offered === null || active === null) {
    return null;
  }
  return (
    <div className="envstore-offered" role="status">
      <span className="envstore-clip">
        {trans.__('Version %1 is ready to be activated. Version %2 is active until then.', offered, active)}
      </span>
      <span className="envstore-spacer" />
      <Button
        onClick={() =>
          onCompare({
            before: referenceOf(namespace, name, active),
            after: referenceOf(namespace, name, offered)
          })
        }
      >
        {trans.__('Compare')}
      </Button>
      <Button
        onClick={() => void actions.version('activate', { namespace, name, version: offered })}
        title={trans.__('Let the kernel start version %1', offered)}
      >
        {trans.__('Activate')}
      </Button>
    </div>
  );
}
