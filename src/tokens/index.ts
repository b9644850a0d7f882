/**
 * What other extensions may rely on: the interfaces of this one and the tokens to ask for them. Nothing here
 * may import anything of this package but types.
 */
export type * from '../api/types';

export * from './client';
export * from './commands';
export * from './model';
export type * from './names';
export * from './notebooks';
export * from './reports';
