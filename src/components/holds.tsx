/**
 * A line of what something holds: what is spoken of, and what there is to say.
 */
import React from 'react';

export function HoldsRow(props: { label: string; children: React.ReactNode }): React.ReactElement {
  return (
    <div role="row" className="envstore-holds-row">
      <span role="rowheader">{props.label}</span>
      <span role="cell">{props.children}</span>
    </div>
  );
}
