/**
 * The packages that a search found, below the field that was typed in.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { ISearchResult } from '../api/types';
import { warningIcon } from '../components/icons';
import { Popup } from './popup';

interface ISuggestionsProps {
  id: string;
  /** What was typed of the name; marked in what was found. */
  typed: string;
  found: ReadonlyArray<ISearchResult>;
  /** The position of the chosen one; -1 for none. */
  chosen: number;
  trans: TranslationBundle;
  onPick: (result: ISearchResult) => void;
  /** What else one can type. */
  hint?: string;
}

/** The id of one option, for `aria-activedescendant`. */
export function optionId(id: string, index: number): string {
  return `${id}-${index}`;
}

export function Suggestions(props: ISuggestionsProps): React.ReactElement {
  const { id, typed, found, chosen, trans, onPick } = props;
  return (
    // The focus stays in the input, so that typing goes on.
    <Popup wide className="envstore-suggest" onMouseDown={event => event.preventDefault()}>
      <div id={id} role="listbox" aria-label={trans.__('Packages')} className="envstore-suggest-list">
        {found.map((result, index) => (
          <div
            key={`${result.channel}/${result.name}`}
            id={optionId(id, index)}
            role="option"
            aria-selected={index === chosen}
            className={result.source_only ? 'jp-mod-source' : undefined}
            ref={node => {
              if (index === chosen) {
                node?.scrollIntoView({ block: 'nearest' });
              }
            }}
            onClick={() => onPick(result)}
          >
            <span className="envstore-clip" title={result.name}>
              <Marked text={result.name} part={typed} />
            </span>
            <span className="envstore-mono envstore-muted envstore-clip">{result.versions[0] ?? ''}</span>
            <span className="envstore-muted envstore-clip" title={result.summary}>
              {result.channel === PYPI && !result.source_only
                ? trans.__('Look for a pip package of this name')
                : result.summary}
            </span>
            <span className="envstore-muted envstore-small envstore-clip">{channelName(result.channel)}</span>
            {result.source_only && (
              <span className="envstore-suggest-source">
                <warningIcon.react className="envstore-icon envstore-icon-warn" tag="span" />
                {trans.__('Only as source: building it runs its code. That needs your consent.')}
              </span>
            )}
          </div>
        ))}
      </div>
      <div className="envstore-suggest-foot" aria-hidden="true">
        <span>
          <span className="envstore-key">↑</span> <span className="envstore-key">↓</span> {trans.__('choose')}
        </span>
        <span>
          <span className="envstore-key">{trans.__('Enter')}</span> {trans.__('add')}
        </span>
        <span>
          <span className="envstore-key">{trans.__('Esc')}</span> {trans.__('close')}
        </span>
        {props.hint && <span className="envstore-suggest-hint">{props.hint}</span>}
      </div>
    </Popup>
  );
}

/** What is said in the place of suggestions: that nothing was found, or why nothing could be. */
export function NoSuggestions(props: { text: string }): React.ReactElement {
  return (
    <Popup wide className="envstore-suggest" onMouseDown={event => event.preventDefault()}>
      <p className="envstore-suggest-none" role="status">
        {props.text}
      </p>
    </Popup>
  );
}

/** What stands for package indexes in the place of a channel. */
export const PYPI = 'pypi';

/** The name of a channel, as people write it, out of its URL. */
export function channelName(channel: string): string {
  return channel === PYPI ? 'PyPI' : channel.replace(/\/+$/, '').split('/').pop() || channel;
}

function Marked(props: { text: string; part: string }): React.ReactElement {
  const start = props.part ? props.text.toLowerCase().indexOf(props.part.toLowerCase()) : -1;
  if (start < 0) {
    return <>{props.text}</>;
  }
  const end = start + props.part.length;
  return (
    <>
      {props.text.slice(0, start)}
      <mark>{props.text.slice(start, end)}</mark>
      {props.text.slice(end)}
    </>
  );
}
