/**
 * The platforms to lock for: this machine's always, others by choice.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

/** Offered first, in this order. */
const USUAL = ['linux-64', 'osx-arm64', 'osx-64', 'win-64', 'linux-aarch64'];

interface IPlatformFieldProps {
  labelId: string;
  /** This machine's. */
  current: string;
  /** What can be locked for, this machine's among them. */
  offered: ReadonlyArray<string>;
  /** What was chosen. */
  chosen: ReadonlyArray<string>;
  trans: TranslationBundle;
  onChange: (chosen: string[]) => void;
}

export function PlatformField(props: IPlatformFieldProps): React.ReactElement {
  const { current, trans } = props;
  const chosen = new Set([current, ...props.chosen]);
  const known = [...USUAL.filter(platform => props.offered.includes(platform)), ...props.offered, ...chosen];
  const offered = [...new Set([current, ...known])];
  const toggle = (platform: string, on: boolean): void =>
    props.onChange(offered.filter(other => (other === platform ? on : chosen.has(other))));
  return (
    <div className="envstore-platforms" role="group" aria-labelledby={props.labelId}>
      {offered.map(platform => (
        <label key={platform} className="envstore-checkbox">
          <input
            type="checkbox"
            checked={chosen.has(platform)}
            disabled={platform === current}
            onChange={event => toggle(platform, event.currentTarget.checked)}
          />
          {platform}
        </label>
      ))}
      <p className="envstore-help">{trans.__('%1 is this machine and always locked', current)}</p>
    </div>
  );
}
