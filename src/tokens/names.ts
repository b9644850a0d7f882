/**
 * How environments and versions are named.
 */

/** Which environment is meant; an `IEnvironment` is one of these too. */
export interface IEnvironmentName {
  readonly namespace: string;
  readonly name: string;
}

/** Which version is meant; an `IVersion` is one of these too. */
export interface IVersionName extends IEnvironmentName {
  readonly number: number;
}

/** An environment got another name. */
export interface IRenaming {
  readonly before: IEnvironmentName;
  readonly after: IEnvironmentName;
}
