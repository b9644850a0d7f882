/**
 * What a person has entered for a new environment, as a form or as YAML: one draft, seen in two ways.
 */
import { Signal, type ISignal } from '@lumino/signaling';

import type { ICreateRequest } from '../api/types';
import { hiddenParts, NotAFormError, readFields, writeFields, type IFormFields } from './environment-text';
import { packageName } from './requirement';

export type DraftMode = 'form' | 'yaml';

/** What the draft begins with. */
export interface IDraftStart {
  /** The text of an environment.yml. Where it is given the draft begins as YAML. */
  readonly specification?: string;
  readonly namespace: string;
  readonly name?: string;
  readonly channels: ReadonlyArray<string>;
  readonly packages?: ReadonlyArray<string>;
  readonly message?: string;
}

/** What people nearly always want and rarely think of: without it there is nothing to run a notebook on. */
export const KERNEL_PACKAGE = 'ipykernel';

/**
 * The draft of a new environment.
 */
export class NewDraft {
  constructor(start: IDraftStart) {
    this.namespace = start.namespace;
    this.message = start.message ?? '';
    this._text = start.specification ?? '';
    this._mode = start.specification === undefined ? 'form' : 'yaml';
    const packages = start.packages ?? [];
    this._fields = {
      name: start.name ?? '',
      channels: start.channels,
      packages: packages.some(text => packageName(text) === KERNEL_PACKAGE)
        ? packages
        : [...packages, KERNEL_PACKAGE],
      platforms: []
    };
    this._untouched = this._snapshot();
  }

  /** Emitted when anything of the draft has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get mode(): DraftMode {
    return this._mode;
  }

  /** What the form shows. Up to date in form mode only. */
  get fields(): IFormFields {
    return this._fields;
  }

  /** Whether something would be lost if the draft were thrown away. */
  get isTyped(): boolean {
    return this._snapshot() !== this._untouched;
  }

  namespace: string;
  message: string;

  /** The environment.yml that the draft stands for. */
  get text(): string {
    return this._mode === 'yaml' ? this._text : writeFields(this._text, this._fields);
  }

  /** The environment's name; empty when it has none yet, or the YAML cannot be read. */
  get name(): string {
    if (this._mode === 'form') {
      return this._fields.name.trim();
    }
    try {
      return readFields(this._text).name.trim();
    } catch {
      return '';
    }
  }

  /** What the YAML has that the form does not show. */
  get hidden(): string[] {
    return this._mode === 'form' && this._text ? hiddenParts(this._text) : [];
  }

  setFields(change: Partial<IFormFields>): void {
    this._fields = { ...this._fields, ...change };
    this._changed.emit();
  }

  setText(text: string): void {
    if (text !== this._text) {
      this._text = text;
      this._changed.emit();
    }
  }

  setNamespace(namespace: string): void {
    this.namespace = namespace;
    this._changed.emit();
  }

  setMessage(message: string): void {
    this.message = message;
    this._changed.emit();
  }

  /** Put the text of a file in the place of what there was. */
  load(text: string): void {
    this._mode = 'yaml';
    this._text = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
    this._changed.emit();
  }

  /** Why the YAML cannot be shown as a form, or null when it can. */
  get formProblem(): NotAFormError | null {
    if (this._mode === 'form') {
      return null;
    }
    try {
      readFields(this._text);
      return null;
    } catch (error) {
      return error instanceof NotAFormError ? error : new NotAFormError(String(error), null);
    }
  }

  /** Show the draft the other way. Does nothing while the YAML cannot be shown as a form. */
  show(mode: DraftMode): void {
    if (mode === this._mode || (mode === 'form' && this.formProblem)) {
      return;
    }
    if (mode === 'form') {
      this._fields = readFields(this._text);
    } else {
      this._text = this.text;
    }
    this._mode = mode;
    this._changed.emit();
  }

  /**
   * What is sent to the server.
   *
   * @param message - What the version is called when the person has not said it.
   */
  toRequest(message = ''): ICreateRequest {
    return {
      name: `${this.namespace}/${this.name}`,
      specification: this.text,
      message: this.message.trim() || message
    };
  }

  private _snapshot(): string {
    return JSON.stringify([this.text, this.message]);
  }

  private _mode: DraftMode;
  private _text: string;
  private _fields: IFormFields;
  private readonly _untouched: string;
  private readonly _changed = new Signal<this, void>(this);
}
