/**
 * What can be done from the panel: every action is a command, so that it can be run from anywhere else too.
 */
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import React, { createContext, useContext } from 'react';

import type { IEnvironment } from '../api/types';

/** How the components of the panel act. */
export interface IActions {
  /** The page on which one logs in. */
  readonly loginUrl: string;
  /** Whether there is such a command. */
  has(command: string): boolean;
  /** Run a command. */
  run(command: string, args?: ReadonlyPartialJSONObject): void;
  /** Open the menu of an environment at a place of the window. */
  openMenu(environment: IEnvironment, x: number, y: number): void;
  /** Make an environment from a file of this computer. */
  take(file: File): void;
}

const Actions = createContext<IActions>({
  loginUrl: '',
  has: () => false,
  run: () => undefined,
  openMenu: () => undefined,
  take: () => undefined
});

export function ActionsProvider(props: { actions: IActions; children: React.ReactNode }): React.ReactElement {
  return <Actions.Provider value={props.actions}>{props.children}</Actions.Provider>;
}

export function useActions(): IActions {
  return useContext(Actions);
}
