/**
 * Tells people who do not see the panel how the builds go: at each change of a stage, and else every five seconds at
 * the most.
 */
import React from 'react';

import { isActive, type IEnvironment } from '../api/types';
import { stageText } from '../components/stages';
import { useTranslation } from '../components/translation';

const PAUSE = 5_000;

export function Announcer(props: { environments: ReadonlyArray<IEnvironment> }): React.ReactElement {
  const trans = useTranslation();
  const [said, setSaid] = React.useState('');
  const last = React.useRef({ stages: '', at: 0 });

  const building = props.environments.filter(({ build }) => build && isActive(build));
  const stages = building.map(({ name, build }) => `${name} ${build!.state}`).join(', ');
  const text = building.map(({ name, build }) => `${name}: ${stageText(build!, trans)}`).join('. ');

  React.useEffect(() => {
    const now = Date.now();
    if (stages !== last.current.stages || now - last.current.at >= PAUSE) {
      last.current = { stages, at: now };
      setSaid(text);
    }
  }, [stages, text]);

  return (
    <div className="envstore-sr" role="status">
      {said}
    </div>
  );
}
