/**
 * What the environment tab needs of the world around it.
 */
import type { IEditorServices } from '@jupyterlab/codeeditor';
import type { ISignal } from '@lumino/signaling';
import { createContext, useContext } from 'react';

import type { IEnvironment } from '../api/types';
import type { IEnvStoreClient, IEnvStoreModel } from '../tokens';

/** The kernels of environments. */
export interface IKernels {
  /** Emitted when a kernel came or went, or one was started or stopped. */
  readonly changed: ISignal<unknown, unknown>;
  /** Whether an environment has a kernel that can be started. */
  has(namespace: string, name: string): boolean;
  /** How many of its kernels run. */
  running(namespace: string, name: string): number;
}

/** What the environment tab can ask others to do. */
export interface IActions {
  openNotebook(namespace: string, name: string): void;
  /** Open the menu of an environment at a place of the window. */
  openMenu(environment: IEnvironment, place: DOMRect): void;
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
