/**
 * A line for a shell, taken apart as a shell does, as far as that is needed to see what it would install. Pure: nothing
 * is run, and nothing is put in for variables.
 */

/** What ends a command on a line of several. */
const ENDS: ReadonlyArray<string> = [';', '|', '&', '\n'];

/** Split a line into its commands, and those into words without their quotes. */
export function readShellLine(line: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  let word: string | null = null;
  let quote = '';
  const endWord = (): void => {
    if (word !== null) {
      words.push(word);
      word = null;
    }
  };
  const endCommand = (): void => {
    endWord();
    if (words.length > 0) {
      commands.push(words);
      words = [];
    }
  };
  for (let at = 0; at < line.length; at++) {
    const letter = line[at]!;
    if (quote) {
      if (letter === quote) {
        quote = '';
      } else {
        word += letter === '\\' && quote === '"' && at + 1 < line.length ? line[++at]! : letter;
      }
    } else if (letter === '"' || letter === "'") {
      quote = letter;
      word ??= '';
    } else if (letter === '\\' && at + 1 < line.length) {
      word = (word ?? '') + line[++at]!;
    } else if (letter === '#' && word === null) {
      // A remark goes to the end of its line.
      const end = line.indexOf('\n', at);
      at = end < 0 ? line.length : end - 1;
    } else if (letter === '&' && line[at - 1] === '>') {
      // `2>&1` is one word.
      word = (word ?? '') + letter;
    } else if (ENDS.includes(letter)) {
      endCommand();
    } else if (/\s/.test(letter)) {
      endWord();
    } else {
      word = (word ?? '') + letter;
    }
  }
  endCommand();
  return commands.map(withoutRedirections).filter(command => command.length > 0);
}

/** Where output goes to, and input comes from, is no part of a command. `numpy>=2` is meant as it looks. */
function withoutRedirections(words: string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const match = /^(?:\d|&)?(?:>>?|<)(.*)$/.exec(words[index]!);
    if (!match) {
      kept.push(words[index]!);
    } else if (match[1] === '') {
      index++;
    }
  }
  return kept;
}
