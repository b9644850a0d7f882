/**
 * The lines of a cell that are for a shell, or for one of IPython's magics. Pure.
 */

/** Cells whose first line leaves the rest what it is. */
const PLAIN = /^%%(?:capture|time|timeit|prun)\b/;
/** Cells that are a script of a shell. */
const SHELL = /^%%(?:bash|sh|!|script\s+(?:--\S+\s+)*(?:bash|sh|zsh))(?:\s|$)/;
/** `!pip …`, `!!pip …`, also where what it prints is kept: `out = !pip …`. */
const ESCAPED = /^\s*(?:[A-Za-z_][\w,\s]*=\s*)?!!?\s*(.*)$/;
/** Magics that install, which IPython takes without their `%`, too. */
const MAGIC = /^\s*(?:[A-Za-z_][\w,\s]*=\s*)?(?:%\s*)?((?:pip|conda|mamba|micromamba|uv)\s.*)$/;
/** In Python: a remark, the begin of a string of several lines, or a string; one that is not closed ends with its line. */
const MARK = /#|'''|"""|'(?:[^'\\]|\\.)*'?|"(?:[^"\\]|\\.)*"?/g;

/** What in a cell's source goes to a shell, without what marks it; lines that are continued are one. */
export function readCellCommands(source: string): string[] {
  const lines = source.replace(/\r\n?/g, '\n').split('\n');
  const first = lines.findIndex(line => line.trim() !== '');
  const head = lines[first]?.trim() ?? '';
  if (SHELL.test(head)) {
    return joined(lines.slice(first + 1));
  }
  if (head.startsWith('%%') && !PLAIN.test(head)) {
    return [];
  }
  const found: string[] = [];
  let open = '';
  for (const line of joined(lines.slice(head.startsWith('%%') ? first + 1 : 0))) {
    const command = open ? null : (ESCAPED.exec(line)?.[1] ?? MAGIC.exec(line)?.[1]);
    if (command) {
      found.push(command);
    } else {
      open = openString(line, open);
    }
  }
  return found;
}

/** Put together lines that end in a backslash. */
function joined(lines: ReadonlyArray<string>): string[] {
  const all: string[] = [];
  let isOpen = false;
  for (const line of lines) {
    const text = line.replace(/\\\s*$/, '');
    if (isOpen) {
      all[all.length - 1] += ` ${text.trim()}`;
    } else {
      all.push(text);
    }
    isOpen = text !== line;
  }
  return all;
}

/** The marks of the string that is open at the end of a line of Python; empty when none is. */
function openString(line: string, open: string): string {
  let at = 0;
  while (at < line.length) {
    if (open) {
      const end = line.indexOf(open, at);
      if (end < 0) {
        return open;
      }
      at = end + open.length;
      open = '';
      continue;
    }
    MARK.lastIndex = at;
    const mark = MARK.exec(line)?.[0] ?? '#';
    if (mark === '#') {
      return '';
    }
    at = MARK.lastIndex;
    open = mark === "'''" || mark === '"""' ? mark : '';
  }
  return open;
}
