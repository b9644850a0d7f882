/**
 * The list of environments: a tree of namespaces and rows with one tab stop, moved through by the keyboard.
 */
import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import React from 'react';

import type { IEnvironment } from '../api/types';
import { useTranslation } from '../components/translation';
import { keyOf } from '../model/environment-list';
import { CommandIDs } from '../tokens';
import { useActions } from './actions';
import type { IGroup } from './matching';
import { move, TypeAhead, type ILine } from './navigation';
import type { PanelState } from './panel-state';
import { Row } from './row';
import { buildsBefore } from './row-texts';

interface ITreeProps {
  groups: ReadonlyArray<IGroup>;
  /** All environments, also those that the filter hides. */
  environments: ReadonlyArray<IEnvironment>;
  state: PanelState;
  /** While a filter is set, its finds show whether or not their group is closed. */
  filtered: boolean;
}

export function Tree({ groups, environments, state, filtered }: ITreeProps): React.ReactElement {
  const trans = useTranslation();
  const { run } = useActions();
  const root = React.useRef<HTMLDivElement>(null);
  const typeAhead = React.useRef(new TypeAhead());
  const [current, setCurrent] = React.useState('');

  const isOpen = (namespace: string): boolean => filtered || state.isOpen(namespace);
  const lines = linesOf(groups, isOpen);
  // Tab always leads somewhere: to where one was, to what is selected, or to the first line.
  const stop = [current, state.selected, lines[0]?.key].find(key => lines.some(line => line.key === key));

  const focus = (key: string): void => {
    setCurrent(key);
    root.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
  };

  const onKeyDown = (event: React.KeyboardEvent): void => {
    const at = keyAt(event.target);
    if (at === null || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const inButton = (event.target as HTMLElement).tagName === 'BUTTON';
    const next = move(event.key, at, lines);
    if (next) {
      if ('to' in next) {
        focus(next.to);
      } else {
        state.setOpen(next.group.slice(1), next.open);
      }
    } else if (event.key === 'Delete' && !at.startsWith('#')) {
      const environment = environments.find(item => keyOf(item) === at);
      run(CommandIDs.deleteEnvironment, environment && { ...namesOf(environment) });
    } else if (event.key === 'F2' && !at.startsWith('#')) {
      const environment = environments.find(item => keyOf(item) === at);
      if (environment && environment.active_version !== null) {
        run(CommandIDs.renameEnvironment, { ...namesOf(environment) });
      }
    } else if (!inButton && (event.key === 'Enter' || event.key === ' ')) {
      (event.target as HTMLElement).click();
    } else if (!inButton && event.key.length === 1) {
      const found = typeAhead.current.find(event.key, at, lines, Date.now());
      if (found) {
        focus(found);
      }
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={root}
      className="envstore-tree"
      role="tree"
      aria-label={trans.__('Environments')}
      onKeyDown={onKeyDown}
      onFocus={event => setCurrent(keyAt(event.target) ?? '')}
    >
      {groups.map(group => {
        const open = isOpen(group.namespace);
        const key = `#${group.namespace}`;
        const Caret = open ? caretDownIcon : caretRightIcon;
        return (
          <div
            key={key}
            className="envstore-tree-group"
            role="treeitem"
            aria-level={1}
            aria-expanded={open}
            aria-label={group.namespace}
            tabIndex={stop === key ? 0 : -1}
            data-key={key}
            onClick={event => {
              if (event.target === event.currentTarget || isHead(event.target)) {
                state.setOpen(group.namespace, !open);
              }
            }}
          >
            <div className="envstore-tree-head">
              <Caret.react className="envstore-icon" tag="span" />
              <span className="envstore-clip">{group.namespace}</span>
              <span className="envstore-num">
                {group.items.length === group.total
                  ? group.total
                  : trans.__('%1 of %2', group.items.length, group.total)}
              </span>
            </div>
            {open && (
              <div role="group">
                {group.items.map(item => (
                  <Row
                    key={keyOf(item)}
                    environment={item}
                    before={item.build?.state === 'queued' ? buildsBefore(item.build, environments) : 0}
                    selected={state.selected === keyOf(item)}
                    tabbable={stop === keyOf(item)}
                  />
                ))}
              </div>
            )}
          </div>
        );
      })}
    </div>
  );
}

function linesOf(groups: ReadonlyArray<IGroup>, isOpen: (namespace: string) => boolean): ILine[] {
  return groups.flatMap(({ namespace, items }) => {
    const open = isOpen(namespace);
    const head: ILine = { key: `#${namespace}`, text: namespace, parent: null, open };
    const rows = items.map(item => ({ key: keyOf(item), text: item.name, parent: head.key }));
    return open ? [head, ...rows] : [head];
  });
}

function namesOf({ namespace, name }: IEnvironment): { namespace: string; name: string } {
  return { namespace, name };
}

function isHead(target: EventTarget): boolean {
  return (target as Element).closest('.envstore-tree-head') !== null;
}

/** The key of the line that an event happened in. */
function keyAt(target: EventTarget): string | null {
  return (target as Element).closest<HTMLElement>('[data-key]')?.dataset.key ?? null;
}
