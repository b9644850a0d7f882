/**
 * A bar that says how far something is, to the eye and in words.
 */
import React from 'react';

interface IProgressBarProps {
  /** 0 to 1. */
  fraction: number;
  /** What is under way: "Build of torch-exp". */
  label: string;
  /** How far it is, in words: "Installing, 88 of 142 packages". */
  text: string;
  thick?: boolean;
}

export function ProgressBar({ fraction, label, text, thick }: IProgressBarProps): React.ReactElement {
  const percent = Math.round(Math.min(Math.max(fraction, 0), 1) * 100);
  return (
    <span
      className={`envstore-progress${thick ? ' jp-mod-thick' : ''}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={text}
    >
      <span style={{ width: `${percent}%` }} />
    </span>
  );
}
