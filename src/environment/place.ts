/**
 * Where a person is in the tab of an environment: what is kept when the page is loaded again.
 */
import { Signal, type ISignal } from '@lumino/signaling';

import { keyOf } from '../model/environment-list';
import { readReference, referenceOf } from '../model/references';
import type { EnvironmentTab, IEnvironmentName } from '../tokens';
import { type ISides } from './sides';

export class Place {
  /**
   * @param tab - Null as long as the person has not chosen one: it then follows from the environment's state.
   * @param build - The id of the build that is looked at; null for the newest.
   * @param sides - The versions that are compared; null for the line of versions.
   */
  constructor(
    private _namespace: string,
    private _name: string,
    private _tab: EnvironmentTab | null = null,
    private _build: number | null = null,
    private _sides: ISides | null = null
  ) {}

  /** Emitted when the person has gone elsewhere, or the environment has another name. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get namespace(): string {
    return this._namespace;
  }

  get name(): string {
    return this._name;
  }

  get tab(): EnvironmentTab | null {
    return this._tab;
  }

  get build(): number | null {
    return this._build;
  }

  get sides(): ISides | null {
    return this._sides;
  }

  go(tab: EnvironmentTab, build: number | null = this._build): void {
    if (tab !== this._tab || build !== this._build) {
      this._tab = tab;
      this._build = build;
      this._changed.emit();
    }
  }

  /** Show two versions side by side; null leads back to the line of versions. */
  compare(sides: ISides | null): void {
    this._tab = 'versions';
    this._sides = sides;
    this._changed.emit();
  }

  /** Follow the environment to its new name. */
  rename({ namespace, name }: IEnvironmentName): void {
    const named = (reference: string): string => {
      const target = readReference(reference);
      return target && keyOf(target) === keyOf(this)
        ? referenceOf(namespace, name, target.number)
        : reference;
    };
    this._sides = this._sides && { before: named(this._sides.before), after: named(this._sides.after) };
    this._namespace = namespace;
    this._name = name;
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
}
