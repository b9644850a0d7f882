/**
 * Files that a person chooses or drops.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

/** What a file chooser offers. */
export const ACCEPTED = '.yml,.yaml,.json,.lock,.txt,.in,.toml,.ipynb';

const MOST_BYTES = 1_000_000;
/** A request to the server may have 4 million bytes, and JSON writes line ends and quotes with two. */
const MOST_LOCKFILE_BYTES = 3_500_000;
/** Of a notebook only what it carries is sent. */
const MOST_NOTEBOOK_BYTES = 100_000_000;

/** A list of packages as conda takes it: above its mark there are comments at most. */
const EXPLICIT = /^(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*@EXPLICIT[ \t]*(?:\n|$)/;
/** Characters among which that mark stands. */
const EXPLICIT_HEAD = 20_000;
/** Lines from which a list of pip packages is told. */
const LOOKED_AT = 200;
const REQUIREMENT =
  /^[A-Za-z0-9][\w.-]*(?:\[[\w,. -]*\])?\s*(?:[=<>!~]=?=?[^\n:]*|@\s*\S+(?:\s+;.*)?|;.*)?\\?$/;
const OPTION = /^(?:(?:git\+)?https?:\/\/\S+$|-[rcfi]\s+\S|--[a-z][a-z-]+[ =]\S|\s+--hash=\S+|--[a-z-]+$)/;

/**
 * Whether a text is a list of pip packages, a requirements.txt or a pylock.toml: the server says whether it can be read.
 */
export function isPipFile(text: string): boolean {
  if (isLockfile(text) || /^["']?dependencies["']?[ \t]*:/m.test(text)) {
    return false;
  }
  if (/^lock-version[ \t]*=/m.test(text)) {
    return true;
  }
  const lines = text
    .split('\n', LOOKED_AT)
    .map(line => line.split(' #')[0]!.trimEnd())
    .filter(line => line.trim() !== '' && !line.startsWith('#'));
  const isEntry = (line: string): boolean =>
    REQUIREMENT.test(line.split(' --')[0]!.trimEnd()) || OPTION.test(line);
  return lines.length > 0 && lines.every(isEntry);
}

/** What an environment might be called by the file of pip that it is made from: `rivers-requirements.txt` is `rivers`. */
export function nameOfPipFile(path: string): string {
  const stem = (path.split('/').pop() ?? '').replace(/\.(?:txt|in|toml)$/i, '');
  return stem.replace(/^pylock\.?/i, '').replace(/[._-]?(?:requirements|pylock)(?:[._-].*)?$/i, '');
}

/** Whether a file is called as notebooks are. */
export function isNotebookName(name: string): boolean {
  return /\.ipynb$/i.test(name);
}

/**
 * Whether a text is a lockfile, of whatever kind: the server says which ones it can read.
 */
export function isLockfile(text: string): boolean {
  if (EXPLICIT.test(text.slice(0, EXPLICIT_HEAD))) {
    return true;
  }
  if (/^\s*\{/.test(text)) {
    return /"packages?"\s*:\s*\[/.test(text) && /"(?:metadata|environments)"\s*:/.test(text);
  }
  const keys = new Set(text.match(/^["']?(?:packages?|metadata|environments)["']?[ \t]*:/gm) ?? []);
  return keys.size >= 2 && !/^["']?dependencies["']?[ \t]*:/m.test(text);
}

/**
 * Read a small text file, or a notebook.
 *
 * @throws An `Error` with a sentence for the person when it is too large or no text.
 */
export async function readTextFile(file: File, trans: TranslationBundle): Promise<string> {
  const isNotebook = isNotebookName(file.name);
  if (file.size > (isNotebook ? MOST_NOTEBOOK_BYTES : MOST_LOCKFILE_BYTES)) {
    throw new Error(
      isNotebook
        ? trans.__('This notebook is too large to be read here. What fills it are its outputs: clear them.')
        : trans.__('This file is too large for an environment.yml, and for a lockfile that a browser sends.')
    );
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    throw new Error(trans.__('It is not a text file.'));
  }
  if (file.size > MOST_BYTES && !isNotebook && !isLockfile(text)) {
    throw new Error(trans.__('An environment.yml is a short list. This file is too large to be one.'));
  }
  return text;
}
