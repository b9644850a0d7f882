/**
 * The line of an environment.yml that names the environment: read and written on its own, so that the name can be typed
 * in a field while the rest of the text is not even YAML yet. Pure.
 */

/** The line with its value in the first group that is there, and what follows it: a comment, or nothing. */
const LINE = /^name[ \t]*:[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^#\n]*?))([ \t]+#[^\n]*|[ \t]*)$/m;
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9._/-]*$/;

/** Return the name that the text gives; empty when it gives none. */
export function nameIn(text: string): string {
  const match = LINE.exec(text);
  return (match?.[1] ?? match?.[2] ?? match?.[3] ?? '').trim();
}

/** Return the text with another name, or without one when it is empty. All else stays to the letter. */
export function withName(text: string, name: string): string {
  const line = `name: ${PLAIN.test(name) ? name : JSON.stringify(name)}`;
  const match = LINE.exec(text);
  if (match) {
    const [before, after] = [text.slice(0, match.index), text.slice(match.index + match[0].length)];
    return name ? before + line + match[4]!.trimEnd() + after : before + after.replace(/^\n/, '');
  }
  if (!name) {
    return text;
  }
  // After the comments that the file begins with: they are about all of it.
  const start = /^(?:[ \t]*#[^\n]*\n|[ \t]*\n|---[ \t]*\n)*/.exec(text)![0].length;
  return `${text.slice(0, start)}${line}\n${text.slice(start)}`;
}
