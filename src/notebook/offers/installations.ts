/**
 * What the commands of a cell would install: `%pip install x`, `!conda install x`. Pure. The source of a cell is a
 * stranger's text: what is no name with a constraint is never taken, and what options say is never repeated.
 */
import type { Manager } from '../../environment/asked';
import { pipName } from '../../new/pip-requirement';
import { readCellCommands } from './cell-commands';
import { readShellLine } from './shell-words';

/** A package that a command names. */
export interface IWanted {
  readonly manager: Manager;
  /** As it is compared. */
  readonly name: string;
  /** As it was written, with extras and marker. */
  readonly text: string;
  /** Empty when any version will do. */
  readonly constraint: string;
  /** Whether only pip's list can say it: extras, or a marker. */
  readonly isPipOnly: boolean;
}

/** What a cell would install, and what of it is not taken. */
export interface IInstallation {
  readonly wanted: ReadonlyArray<IWanted>;
  /** Options by name, without their values; `address`, `file` and `other` for what names no package. */
  readonly leftOut: ReadonlyArray<string>;
}

/** A cell is not read further than this, and no more packages are taken. */
const LONGEST = 100_000;
const MOST = 50;
const LONGEST_OPTION = 40;

const PIP = /(?:^|\/)pip[\d.]*$/;
const PYTHON = /(?:^|\/)python[\d.]*$|^[{$]\{?\s*sys\.executable\s*\}?\}?$/;
const CONDA = /(?:^|\/)(?:conda|mamba|micromamba)$/;

/** Options that are followed by a value; those that are not here are followed by none. */
const VALUED: Readonly<Record<Manager, ReadonlySet<string>>> = {
  pip: new Set(
    (
      '-r --requirement -c --constraint -e --editable -i --index-url --extra-index-url -f --find-links --src -C ' +
      '--config-settings --config-setting --global-option --upgrade-strategy -P --upgrade-package --no-binary ' +
      '--only-binary --progress-bar --report --proxy --timeout --retries --exists-action --trusted-host --cert ' +
      '--client-cert --cache-dir --log --keyring-provider --use-feature --use-deprecated --root-user-action --group ' +
      '--platform --python-platform --python-version --implementation --abi --index --default-index ' +
      '--index-strategy --link-mode --resolution --prerelease --exclude-newer --extra --override --overrides ' +
      '--build-constraint --build-constraints -b --torch-backend --allow-insecure-host --uploaded-prior-to'
    ).split(' ')
  ),
  conda: new Set('-c --channel -f --file --solver --repodata-fn --subdir --platform --rc-file'.split(' '))
};

/** With these nothing is installed here. */
const ELSEWHERE: Readonly<Record<Manager, ReadonlySet<string>>> = {
  pip: new Set('-h --help --dry-run -t --target --prefix --root -p --python'.split(' ')),
  conda: new Set(
    '-h --help -d --dry-run --download-only -n --name -p --prefix -r --root-prefix --revision'.split(' ')
  )
};

/** Elsewhere only in appearance: the environment or the interpreter of the kernel. */
const HERE = /^(?:\{sys\.(?:prefix|executable)\}|\$\{?(?:sys\.prefix|sys\.executable|CONDA_PREFIX)\}?)$/;

/** Options that say how to install, and not what. */
const QUIET =
  /^(?:-[qvUyI]+|--(?:quiet|verbose|upgrade|yes|user|system|break-system-packages|no-cache|no-cache-dir|cache-dir|no-input|disable-pip-version-check|no-warn-script-location|progress-bar|no-progress|root-user-action|timeout|retries|log|no-color|no-python-version-warning|json|no-compile|compile-bytecode|link-mode|force-reinstall|reinstall|ignore-installed|prefer-binary|solver|upgrade-strategy|proxy|cert|client-cert|trusted-host|update-all|update-deps|freeze-installed|no-update-deps|always-yes))$/;

const NAME = /^[A-Za-z0-9](?:[\w.-]{0,126}[A-Za-z0-9])?$/;
const CLAUSE = '(?:===|==|~=|!=|<=|>=|<|>)\\s*[\\w.*+!-]{1,64}';
const PEP508 = new RegExp(
  `^([A-Za-z0-9][\\w.-]{0,127})\\s*(\\[[\\w.,\\s-]{0,200}\\])?\\s*(${CLAUSE}(?:\\s*,\\s*${CLAUSE}){0,9})?\\s*(;[\\x20-\\x7e]{1,200})?$`
);
const MATCH =
  /^(?:[\w.-]{1,64}::)?([A-Za-z0-9_][\w.-]{0,127})\s*((?:===?|~=|!=|<=|>=|=|<|>)[\w.*+!<>=~,|\s-]{1,200})?$/;

/** Read what a cell would install into the environment of its kernel. */
export function readInstallations(source: string): IInstallation {
  const wanted = new Map<string, IWanted>();
  const leftOut = new Set<string>();
  if (source.length <= LONGEST) {
    for (const words of readCellCommands(source).flatMap(readShellLine)) {
      const found = readCommand(words);
      for (const one of found?.wanted.slice(0, MOST - wanted.size) ?? []) {
        wanted.set(one.name, one);
      }
      found?.leftOut.forEach(what => leftOut.add(what));
    }
  }
  return { wanted: [...wanted.values()], leftOut: [...leftOut] };
}

/** Whether a cell would install something, whether or not that is taken. */
export function isToInstall({ wanted, leftOut }: IInstallation): boolean {
  return wanted.length > 0 || leftOut.length > 0;
}

/** What one command would install; null when it is another command. */
function readCommand(words: ReadonlyArray<string>): IInstallation | null {
  const start = words.findIndex(word => !/^(?:sudo|time|env|-[EH]|[A-Za-z_]\w*=.*)$/.test(word));
  let [program = '', ...rest] = words.slice(Math.max(start, 0));
  if (PYTHON.test(program) && (rest[0] === '-m' || rest[0] === '-mpip')) {
    [program = '', ...rest] = rest[0] === '-m' ? rest.slice(1) : ['pip', ...rest.slice(1)];
  }
  if (/(?:^|\/)uv$/.test(program) && rest[0] === 'pip') {
    [program = '', ...rest] = rest;
  }
  const manager = PIP.test(program) ? 'pip' : CONDA.test(program) ? 'conda' : null;
  // Options may stand before what is to be done.
  const at = rest.findIndex(word => !word.startsWith('-'));
  if (!manager || rest[at] !== 'install') {
    return null;
  }
  return readArguments(manager, [...rest.slice(0, at), ...rest.slice(at + 1)]);
}

function readArguments(manager: Manager, words: ReadonlyArray<string>): IInstallation | null {
  const wanted: IWanted[] = [];
  const leftOut: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (!word.startsWith('-') || word === '-') {
      const found = manager === 'pip' ? readPip(word) : readConda(word);
      if (typeof found === 'string') {
        leftOut.push(found);
      } else {
        wanted.push(found);
      }
      continue;
    }
    const option = /^(?:--[A-Za-z][\w-]*|-[A-Za-z]+)/.exec(word)?.[0] ?? '';
    const name = nameOf(manager, option);
    if (ELSEWHERE[manager].has(name)) {
      const [, value] = /^--[\w-]+=(.*)$/s.exec(word) ?? [];
      if (!HERE.test(value ?? words[index + 1] ?? '')) {
        return null;
      }
      index += value === undefined ? 1 : 0;
      continue;
    }
    if (VALUED[manager].has(name) && (name === word || (!word.startsWith('--') && word.endsWith(name[1]!)))) {
      index++;
    }
    if (!QUIET.test(name)) {
      // pip's `-f` is another one.
      leftOut.push(
        manager === 'conda' && name === '-f' ? '--file' : name.slice(0, LONGEST_OPTION) || 'other'
      );
    }
  }
  return { wanted, leftOut };
}

/** The option that a word begins with: `-rlist.txt` is `-r`, and `-qr` is, too. */
function nameOf(manager: Manager, option: string): string {
  const letter = /^-[qvUyI]*([A-Za-z])/.exec(option)?.[1];
  const short = `-${letter}`;
  return letter && (VALUED[manager].has(short) || ELSEWHERE[manager].has(short)) ? short : option;
}

/** With single spaces: among any number of them what follows is looked for in every way to divide them. */
function spaced(word: string): string {
  return word.trim().replace(/\s+/g, ' ');
}

/** A package, or what stands there instead of one. */
function readPip(word: string): IWanted | string {
  const other = /^[^;]*@/.test(word) ? 'address' : readAddress(word);
  if (other) {
    return other;
  }
  const [, name, extras, clauses = '', marker] = PEP508.exec(spaced(word)) ?? [];
  if (!name || !NAME.test(name)) {
    return 'other';
  }
  const constraint = clauses.replace(/\s+/g, '').replace(/===/g, '==');
  const written = `${name}${extras?.replace(/\s+/g, '') ?? ''}`;
  const text = [written, constraint, marker && `; ${marker.slice(1).trim()}`].filter(Boolean).join(' ');
  return { manager: 'pip', name: pipName(name), text, constraint, isPipOnly: Boolean(extras ?? marker) };
}

function readConda(word: string): IWanted | string {
  const other = readAddress(word);
  if (other) {
    return other;
  }
  const [, name, constraint = ''] = MATCH.exec(spaced(word)) ?? [];
  if (!name) {
    return 'other';
  }
  const text = constraint ? `${name} ${constraint.trim()}` : name;
  return {
    manager: 'conda',
    name: name.toLowerCase(),
    text,
    constraint: constraint.trim(),
    isPipOnly: false
  };
}

function readAddress(word: string): string | null {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(word)) {
    return 'address';
  }
  const isFile = /^[.~]/.test(word) || /[/\\]/.test(word.split(/[;@[]/)[0]!);
  return isFile || /\.(?:whl|tar\.gz|tar\.bz2|zip|conda)$/i.test(word) ? 'file' : null;
}
