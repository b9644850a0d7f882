/**
 * The text of an environment.yml and what the form shows of it, in both directions. What the form does not show, such
 * as comments, pip packages and variables, stays as it was written. Whether the text is right is for the server to say.
 */
import { isMap, isScalar, isSeq, parseDocument, YAMLMap, YAMLSeq, type Document } from 'yaml';

import { packageName } from './requirement';

/** What the form shows of an environment.yml. */
export interface IFormFields {
  readonly name: string;
  readonly channels: ReadonlyArray<string>;
  /** The conda packages that are asked for, as written. */
  readonly packages: ReadonlyArray<string>;
  /** What pip is asked for, as written. */
  readonly pip: ReadonlyArray<string>;
  readonly platforms: ReadonlyArray<string>;
}

/** A text that cannot be shown as a form, with the line that is in the way (from 1) where it is known. */
export class NotAFormError extends Error {
  constructor(
    message: string,
    readonly line: number | null
  ) {
    super(message);
    this.name = 'NotAFormError';
  }
}

/**
 * Read what the form shows out of the text.
 *
 * @throws `NotAFormError` when the text is no YAML or not shaped as an environment.yml is.
 */
export function readFields(text: string): IFormFields {
  const document = read(text);
  const name = document.get('name', true);
  return {
    // As written: a name such as 2024.10 is no number.
    name: isScalar(name) && name.value !== null ? String(name.source ?? name.value) : '',
    channels: strings(document, 'channels'),
    packages: strings(document, 'dependencies'),
    pip: pipTexts(document),
    platforms: strings(document, 'platforms')
  };
}

/**
 * Return the text with the form's fields written into it; an empty text gives a new environment.yml.
 *
 * @throws `NotAFormError` as `readFields` does.
 */
export function writeFields(text: string, fields: IFormFields): string {
  const document = read(text);
  if (fields.name) {
    document.set('name', fields.name);
  } else {
    document.delete('name');
  }
  writeList(document, 'channels', fields.channels, item => item);
  writeList(document, 'dependencies', fields.packages, packageName);
  writePip(document, fields.pip);
  writeList(document, 'platforms', fields.platforms, item => item);
  return format(document, text);
}

/** What the text has and the form does not show: keys such as `variables`. */
export function hiddenParts(text: string): string[] {
  const document = read(text);
  const shown = ['name', 'channels', 'dependencies', 'platforms'];
  return map(document)
    .items.map(pair => (isScalar(pair.key) ? String(pair.key.value) : ''))
    .filter(key => key !== '' && !shown.includes(key));
}

/** Whether a text asks for no package at all. False where nobody can tell, because it is no specification. */
export function isWithoutPackages(text: string): boolean {
  try {
    const dependencies = read(text).get('dependencies') ?? null;
    return dependencies === null || (isSeq(dependencies) && dependencies.items.length === 0);
  } catch (error) {
    if (error instanceof NotAFormError) {
      return false;
    }
    throw error;
  }
}

/** Parse a text whose top level is a mapping, or empty. */
export function read(text: string): Document {
  const document = parseDocument(text, { strict: false, uniqueKeys: true });
  const error = document.errors[0];
  if (error) {
    throw new NotAFormError(error.message.split('\n')[0]!, error.linePos?.[0].line ?? null);
  }
  if (document.contents === null) {
    document.contents = new YAMLMap() as unknown as typeof document.contents;
  } else if (!isMap(document.contents)) {
    throw new NotAFormError('An environment.yml begins with keys such as name and dependencies.', 1);
  }
  return document as unknown as Document;
}

/** Write a document in the manner of the text that it was read from: its lists indented or not, its lines unbroken. */
export function format(document: Document, text: string): string {
  return document.toString({ lineWidth: 0, indentSeq: !/^-\s/m.test(text), flowCollectionPadding: false });
}

function map(document: Document): YAMLMap {
  return document.contents as unknown as YAMLMap;
}

function strings(document: Document, key: string): string[] {
  const list = document.get(key);
  if (list === undefined || list === null || (isScalar(list) && list.value === null)) {
    return [];
  }
  if (!isSeq(list)) {
    throw new NotAFormError(`${key} has to be a list.`, null);
  }
  return list.items.flatMap(item => (isScalar(item) ? [String(item.source ?? item.value).trim()] : []));
}

/** Make the list of `key` hold `wanted`: what stays keeps its place, comment and quotes, the rest comes after it. */
function writeList(
  document: Document,
  key: string,
  wanted: ReadonlyArray<string>,
  identity: (item: string) => string
): void {
  if (same(strings(document, key), wanted)) {
    return;
  }
  const previous = document.get(key);
  const list = isSeq(previous) ? previous : new YAMLSeq();
  const old = new Map(list.items.filter(isScalar).map(item => [identity(String(item.value)), item]));
  const scalars = wanted.map(text => {
    const item = old.get(identity(text)) ?? document.createNode(text);
    item.value = text;
    return item;
  });
  const others = list.items.filter(item => !isScalar(item));
  list.items = [...scalars, ...others];
  if (list.items.length === 0) {
    document.delete(key);
  } else if (list !== previous) {
    document.set(key, list);
  }
}

/** The lists of pip among the dependencies. */
function pipLists(document: Document): YAMLMap[] {
  const dependencies = document.get('dependencies');
  return isSeq(dependencies)
    ? dependencies.items.filter((item): item is YAMLMap => isMap(item) && item.has('pip'))
    : [];
}

function pipTexts(document: Document): string[] {
  const items = pipLists(document).flatMap(part => {
    const list = part.get('pip');
    return isSeq(list) ? list.items : [];
  });
  return items.flatMap(item => (isScalar(item) ? [String(item.source ?? item.value).trim()] : []));
}

/** Make the lists of pip hold `wanted`: what stays keeps its place and comment, the rest comes after it. */
function writePip(document: Document, wanted: ReadonlyArray<string>): void {
  if (same(pipTexts(document), wanted)) {
    return;
  }
  const left = new Set(wanted);
  const parts = pipLists(document);
  for (const part of parts) {
    const list = part.get('pip');
    if (isSeq(list)) {
      list.items = list.items.filter(
        item => isScalar(item) && left.delete(String(item.source ?? item.value).trim())
      );
    }
  }
  if (left.size > 0) {
    const list = parts.map(part => part.get('pip')).find(isSeq);
    if (list) {
      list.items.push(...[...left].map(text => document.createNode(text)));
    } else {
      const dependencies = document.get('dependencies');
      const node = document.createNode({ pip: [...left] });
      if (isSeq(dependencies)) {
        dependencies.items.push(node);
      } else {
        document.set('dependencies', document.createNode([node]));
      }
    }
  }
  const dependencies = document.get('dependencies');
  if (isSeq(dependencies)) {
    const isEmpty = (item: unknown): boolean => {
      const list = isMap(item) && item.has('pip') ? item.get('pip') : null;
      return isSeq(list) && list.items.length === 0;
    };
    dependencies.items = dependencies.items.filter(item => !isEmpty(item));
  }
}

function same(left: ReadonlyArray<string>, right: ReadonlyArray<string>): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}
