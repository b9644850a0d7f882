/**
 * What the environment tab needs of the world around it.
 */
import type { IEditorServices } from '@jupyterlab/codeeditor';
import type { ISignal } from '@lumino/signaling';
import { createContext, useContext } from 'react';

import type { IEnvironment, IVersion } from '../api/types';
import type { IEnvStoreClient, IEnvStoreModel } from '../tokens';
import type { Drafts } from './drafts';
import type { NewestVersions } from './newest';

/** The kernels of environments. */
export interface IKernels {
  /** Emitted when a kernel came or went, or one was started, restarted or stopped. */
  readonly changed: ISignal<unknown, unknown>;
  /** Whether an environment has a kernel that can be started. */
  has(namespace: string, name: string): boolean;
  /** The version that each of its running kernels runs; those that are pinned to a version are left out. */
  running(namespace: string, name: string): ReadonlyArray<number>;
}

/** What can be done with a version. */
export type VersionAction = 'activate' | 'pin' | 'unpin' | 'describe' | 'delete';

/** What names a version for an action. */
export interface IVersionArguments {
  readonly namespace: string;
  readonly name: string;
  readonly version: number;
  /** With `describe`: what it is for. */
  readonly message?: string;
}

/** What the environment tab can ask others to do. */
export interface IActions {
  openNotebook(namespace: string, name: string): void;
  /** Open the menu of an environment at a place of the window. */
  openMenu(environment: IEnvironment, place: DOMRect): void;
  /** Open the menu of a version at a place of the window. */
  openVersionMenu(version: IVersion, place: { left: number; bottom: number }): void;
  /** Do something with a version. Resolves when that is done, also when it was refused: people are told then. */
  version(action: VersionAction, args: IVersionArguments): Promise<unknown>;
  /** Open the dialog for a new environment with this specification. */
  edit(start: { specification: string; namespace: string; name: string; message: string }): void;
  undelete(namespace: string, name: string): void;
}

export interface IEnvironmentContext {
  readonly client: IEnvStoreClient;
  readonly model: IEnvStoreModel;
  readonly services: IEditorServices;
  readonly kernels: IKernels;
  readonly actions: IActions;
  readonly drafts: Drafts;
  readonly newest: NewestVersions;
}

export const EnvironmentContext = createContext<IEnvironmentContext | null>(null);

/** The context of the tab that a component is in. */
export function useEnvironmentContext(): IEnvironmentContext {
  const context = useContext(EnvironmentContext);
  if (!context) {
    throw new Error('Only components of the environment tab may ask for its context.');
  }
  return context;
}
