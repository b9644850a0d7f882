/**
 * The strip of tabs of an environment: one stop for the Tab key, arrows move.
 */
import React, { useRef } from 'react';

import { useTranslation } from '../components/translation';
import type { EnvironmentTab } from '../tokens';

/** One of the tabs. */
export interface ITab {
  readonly id: EnvironmentTab;
  readonly label: string;
  /** How many things are in it. */
  readonly count?: number;
}

interface ITabStripProps {
  tabs: ReadonlyArray<ITab>;
  current: EnvironmentTab;
  /** Makes the ids of this strip differ from those of others. */
  prefix: string;
  onChange: (tab: EnvironmentTab) => void;
}

export function TabStrip(props: ITabStripProps): React.ReactElement {
  const { tabs, current, prefix, onChange } = props;
  const trans = useTranslation();
  const strip = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const at = tabs.findIndex(tab => tab.id === current);
    const last = tabs.length - 1;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    const next = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (next) {
      event.preventDefault();
      onChange(next.id);
      strip.current?.querySelector<HTMLElement>(`#${CSS.escape(tabId(prefix, next.id))}`)?.focus();
    }
  };
  return (
    <div
      ref={strip}
      className="envstore-tabs"
      role="tablist"
      aria-label={trans.__('Environment')}
      onKeyDown={onKeyDown}
    >
      {tabs.map(tab => (
        <button
          key={tab.id}
          type="button"
          className="envstore-tab"
          role="tab"
          id={tabId(prefix, tab.id)}
          aria-controls={tab.id === current ? panelId(prefix, tab.id) : undefined}
          aria-selected={tab.id === current}
          tabIndex={tab.id === current ? 0 : -1}
          onClick={() => onChange(tab.id)}
        >
          {tab.label}
          {tab.count !== undefined && <span className="envstore-count">{tab.count.toLocaleString()}</span>}
        </button>
      ))}
    </div>
  );
}

export function tabId(prefix: string, tab: EnvironmentTab): string {
  return `${prefix}-tab-${tab}`;
}

export function panelId(prefix: string, tab: EnvironmentTab): string {
  return `${prefix}-panel-${tab}`;
}
