/**
 * What a person has entered for a new environment: a form or YAML, which are one draft seen in two ways, or a lockfile
 * that says it all.
 */
import { Signal, type ISignal } from '@lumino/signaling';

import type { ICreateRequest, IImportRequest } from '../api/types';
import { hiddenParts, NotAFormError, readFields, writeFields, type IFormFields } from './environment-text';
import { isLockfile, isPipFile, nameOfPipFile } from './files';
import { NOTHING_CHOSEN, type IChosen, type IGivenFile } from './given-file';
import { nameIn, withName } from './name-line';
import { splitName } from './names';
import { packageName } from './requirement';

export type DraftMode = 'form' | 'yaml' | 'lockfile' | 'pip';

/** What the draft begins with. */
export interface IDraftStart {
  /** The text of an environment.yml or of a lockfile. Where it is given the draft does not begin as a form. */
  readonly specification?: string;
  /** The path of the file that the text is from. */
  readonly path?: string;
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
    const packages = start.packages ?? [];
    this._fields = {
      name: start.name ?? '',
      channels: start.channels,
      packages: packages.some(text => packageName(text) === KERNEL_PACKAGE)
        ? packages
        : [...packages, KERNEL_PACKAGE],
      pip: [],
      platforms: []
    };
    if (start.specification !== undefined) {
      this.take(start.specification, start.path);
    }
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

  /** The lockfile that it is to be made from; null in the other modes. */
  get lockfile(): IGivenFile | null {
    return this._mode === 'lockfile' ? this._given : null;
  }

  /** The requirements.txt or pylock.toml that it is to be made from; null in the other modes. */
  get pipFile(): IGivenFile | null {
    return this._mode === 'pip' ? this._given : null;
  }

  /** With a file of pip: the Python that was asked for, such as `3.12`; empty for the one that it says. */
  get python(): string {
    return this._chosen.python;
  }

  /** With a pixi.lock: which of its environments was chosen; empty for the one that is taken anyway. */
  get environment(): string {
    return this._chosen.environment;
  }

  /** The channels that the lockfile may take packages from although the store does not use them. */
  get allowed(): ReadonlyArray<string> {
    return this._chosen.allowed;
  }

  /** Whether something would be lost if the draft were thrown away. */
  get isTyped(): boolean {
    return this._snapshot() !== this._untouched;
  }

  namespace: string;
  message: string;

  /** The environment.yml that the draft stands for; empty for a file that is taken as it is. */
  get text(): string {
    if (this.isGiven) {
      return '';
    }
    return this._mode === 'yaml' ? this._text : writeFields(this._text, this._fields);
  }

  /** The environment's name; empty when it has none yet. */
  get name(): string {
    switch (this._mode) {
      case 'form':
        return this._fields.name.trim();
      case 'lockfile':
      case 'pip':
        return this._name.trim();
      case 'yaml':
        try {
          return readFields(this._text).name.trim();
        } catch {
          return nameIn(this._text);
        }
    }
  }

  /** The name as it was typed, which may have a namespace before it. */
  get typedName(): string {
    const [namespace, name] = splitName(this._typed);
    const isCurrent = name === this.name && (namespace === null || namespace === this.namespace);
    return isCurrent ? this._typed : this.name;
  }

  /** What the YAML has that the form does not show. */
  get hidden(): string[] {
    return this._mode === 'form' && this._text ? hiddenParts(this._text) : [];
  }

  /** Take a name as a person types it: `name`, or `namespace/name`. */
  setName(typed: string): void {
    const [namespace, name] = splitName(typed);
    this._typed = typed;
    this.namespace = namespace ?? this.namespace;
    if (this._mode === 'form') {
      this._fields = { ...this._fields, name };
    } else if (this._mode === 'yaml') {
      this._text = withName(this._text, name);
    } else {
      this._name = name;
    }
    this._changed.emit();
  }

  /** Name it, where nobody has done so. */
  suggestName(name: string): void {
    if (!this.name) {
      const wasTyped = this.isTyped;
      this.setName(name);
      this._untouched = wasTyped ? this._untouched : this._snapshot();
    }
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

  setPython(python: string): void {
    this.choose({ python: python.trim() });
  }

  /** Take another environment of a pixi.lock; what was allowed was allowed for the one before. */
  setEnvironment(environment: string): void {
    this.choose({ environment, allowed: [] });
  }

  /** Let the lockfile take packages from a channel, or no more. */
  setAllowed(channel: string, isAllowed: boolean): void {
    const others = this.allowed.filter(other => other !== channel);
    this.choose({ allowed: isAllowed ? [...others, channel] : others });
  }

  /** Put the text of a file, an environment.yml or a lockfile, in the place of what there was. */
  load(text: string, path?: string): void {
    this.take(text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n'), path);
    this._changed.emit();
  }

  /** Why the YAML cannot be shown as a form, or null when it can. */
  get formProblem(): NotAFormError | null {
    if (this._mode !== 'yaml') {
      return null;
    }
    try {
      readFields(this._text);
      return null;
    } catch (error) {
      return error instanceof NotAFormError ? error : new NotAFormError(String(error), null);
    }
  }

  /** Show the draft the other way. Does nothing while the YAML cannot be shown as a form, and for a lockfile. */
  show(mode: 'form' | 'yaml'): void {
    if (mode === this._mode || this.isGiven || (mode === 'form' && this.formProblem)) {
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

  /**
   * What is sent to the server where a file is taken as it is.
   *
   * @param message - As for `toRequest`.
   */
  toImport(message = ''): IImportRequest {
    return {
      name: `${this.namespace}/${this.name}`,
      content: this._given.text,
      file: this._given.file || null,
      environment: this.environment || null,
      python: this.python || null,
      allow_channels: this.allowed,
      message: this.message.trim() || message
    };
  }

  /** Whether it is made from a file that is taken as it is. */
  get isGiven(): boolean {
    return this._mode === 'lockfile' || this._mode === 'pip';
  }

  private choose(change: Partial<IChosen>): void {
    this._chosen = { ...this._chosen, ...change };
    this._changed.emit();
  }

  private take(text: string, path?: string): void {
    const isLocked = isLockfile(text);
    if (isLocked || isPipFile(text)) {
      this._mode = isLocked ? 'lockfile' : 'pip';
      this._given = { text, file: path ?? '', id: this._given.id + 1 };
      this._chosen = NOTHING_CHOSEN;
      this._name = isLocked ? '' : nameOfPipFile(path ?? '');
    } else {
      this._mode = 'yaml';
      this._text = text;
    }
  }

  private _snapshot(): string {
    const own = this.isGiven ? [this._given.text, this._name, this._chosen] : [this.text];
    return JSON.stringify([...own, this.message]);
  }

  private _mode: DraftMode = 'form';
  private _text = '';
  private _fields: IFormFields;
  private _given: IGivenFile = { text: '', file: '', id: 0 };
  private _chosen = NOTHING_CHOSEN;
  private _name = '';
  private _typed = '';
  private _untouched: string;
  private readonly _changed = new Signal<this, void>(this);
}
