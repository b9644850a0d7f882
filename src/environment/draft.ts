/**
 * What a person is about to change of an environment: one text for the table and the YAML, and what it starts from.
 */
import { Signal, type ISignal } from '@lumino/signaling';

import type { IVersion } from '../api/types';
import type { NotAFormError } from '../new/environment-text';
import { changesBetween, problemOf, readEntries, type IChange, type Manager } from './asked';
import type { PreviewRun } from './preview-run';

/** What is kept of a draft: plain data. */
export interface IDraftState {
  /** The number of the version that it starts from. */
  readonly base: number;
  /** The text of that version. */
  readonly before: string;
  readonly text: string;
  /** Whether the text was typed in, and not only changed entry by entry. */
  readonly typed: boolean;
}

/** Entries to put into a text, and names to take out of it. */
export interface IEntryEdit {
  readonly add?: ReadonlyArray<string>;
  readonly remove?: ReadonlyArray<string>;
  /** The same in the list of pip. */
  readonly addPip?: ReadonlyArray<string>;
  readonly removePip?: ReadonlyArray<string>;
}

/** Changes entries of a text and keeps everything else of it, comments too. */
export type TextEditor = (text: string, edit: IEntryEdit) => Promise<string>;

export class Draft {
  constructor(private readonly editText: TextEditor) {}

  /** Emitted when the text, its start or the preview has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The version that the draft starts from; null before one is known. */
  get base(): number | null {
    return this._state?.base ?? null;
  }

  /** The text that it starts from. */
  get before(): string {
    return this._state?.before ?? '';
  }

  get text(): string {
    return this._state?.text ?? '';
  }

  /** Whether something would be lost without it. */
  get isDirty(): boolean {
    return this.text !== this.before;
  }

  /** Why the text cannot be read, or null. */
  get problem(): NotAFormError | null {
    return problemOf(this.text);
  }

  /** What it changes; nothing while it cannot be read. */
  get changes(): ReadonlyArray<IChange> {
    if (this._changes?.text !== this.text || this._changes.before !== this.before) {
      const { before, text } = this;
      const isReadable = !problemOf(before) && !problemOf(text);
      this._changes = { before, text, found: isReadable ? changesBetween(before, text) : [] };
    }
    return this._changes.found;
  }

  /** The preview that is looked at; null while one edits. */
  get preview(): PreviewRun | null {
    return this._preview;
  }

  /** What is to be kept of it; null when there is nothing. */
  get state(): IDraftState | null {
    return this.isDirty ? this._state : null;
  }

  /** Take a version that became active. A draft with changes stays with the one that it started from. */
  follow(version: Pick<IVersion, 'number' | 'specification'>): void {
    const { number, specification } = version;
    if (!this.isDirty && (number !== this.base || specification !== this.before)) {
      this._state = { base: number, before: specification, text: specification, typed: false };
      this._changed.emit();
    }
  }

  /** Take up what was kept, unless something was changed meanwhile. */
  restore(state: IDraftState): void {
    if (!this.isDirty) {
      this._state = state;
      this._changed.emit();
    }
  }

  /** Take the text as a person typed it. */
  setText(text: string): void {
    this.put(text, true);
  }

  /** Change entries. Changes are made one after the other; one that is refused rejects and changes nothing. */
  edit(edit: IEntryEdit): Promise<void> {
    return this.queue(async () => this.put(await this.editText(this.text, edit)));
  }

  /** Take back what was done to one package. */
  undo(change: IChange): Promise<void> {
    return this.queue(async () => {
      const others = this.changes.filter(other => !isSame(other, change));
      if (this._state?.typed || others.some(other => !isEntry(other))) {
        this.put(await this.editText(this.text, editBack(change)));
      } else {
        // From the start again, so that what is taken back has its place and its comment.
        this.put(others.length > 0 ? await this.editText(this.before, editOf(others)) : this.before);
      }
    });
  }

  /** Give up all changes. */
  discard(): void {
    if (this._state) {
      this.put(this.before);
    }
  }

  /** Whether the changes can be made to another version's text: changes of single packages can. */
  get canMove(): boolean {
    return this.changes.length > 0 && this.changes.every(isEntry);
  }

  /** Make the changes to another version instead. */
  move(version: Pick<IVersion, 'number' | 'specification'>): Promise<void> {
    return this.queue(async () => {
      const { number, specification } = version;
      const asked = readEntries(specification);
      const left = this.changes.filter(change => change.after || asked.some(entry => isSame(entry, change)));
      const text = left.length === 0 ? specification : await this.editText(specification, editOf(left));
      this._state = { base: number, before: specification, text, typed: false };
      this._changed.emit();
    });
  }

  /** Look at a preview, or no longer at one. The one before ends. */
  show(preview: PreviewRun | null): void {
    if (preview !== this._preview) {
      this._preview?.dispose();
      this._preview = preview;
      this._changed.emit();
    }
  }

  private put(text: string, typed = this._state?.typed ?? false): void {
    if (this._state && text !== this.text) {
      this._state = { ...this._state, text, typed: typed && text !== this.before };
      this._changed.emit();
    }
  }

  private queue(work: () => Promise<void>): Promise<void> {
    const done = this._last.then(work);
    this._last = done.catch(() => undefined);
    return done;
  }

  private _state: IDraftState | null = null;
  private _preview: PreviewRun | null = null;
  private _changes: { before: string; text: string; found: ReadonlyArray<IChange> } | null = null;
  private _last: Promise<void> = Promise.resolve();
  private readonly _changed = new Signal<this, void>(this);
}

function isEntry(change: IChange): boolean {
  return change.what === 'package';
}

function isSame(one: Pick<IChange, 'name' | 'manager'>, other: Pick<IChange, 'name' | 'manager'>): boolean {
  return one.manager === other.manager && one.name === other.name;
}

/** What makes the changes. */
function editOf(changes: ReadonlyArray<IChange>): IEntryEdit {
  const of = (manager: Manager): { add: string[]; remove: string[] } => {
    const mine = changes.filter(change => change.manager === manager);
    return {
      add: mine.flatMap(({ after }) => (after ? [after.text] : [])),
      remove: mine.flatMap(({ after, name }) => (after ? [] : [name]))
    };
  };
  const [conda, pip] = [of('conda'), of('pip')];
  return { ...conda, addPip: pip.add, removePip: pip.remove };
}

/** What takes a change back. */
function editBack(change: IChange): IEntryEdit {
  return editOf([{ ...change, before: change.after, after: change.before }]);
}
