/**
 * A sentence of the server, with the package requirements in it set as code.
 */
import React from 'react';

/** A part of a sentence; `isCode` for package requirements. */
export interface ITextPart {
  readonly text: string;
  readonly isCode: boolean;
}

const CODE =
  /`([^`]+)`|“([^”]*[<>=!~][^”]*)”|((?:[\w.-]+ )?(?:[<>=!~]=?\s?[\w.*+!]+)(?:[,|][<>=!~]*[\w.*+!]+)*)/g;

/** Split a sentence into words and package requirements, so that these can be set as code. */
export function textParts(text: string): ITextPart[] {
  const parts: ITextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(CODE)) {
    const code = (match[1] ?? match[2] ?? match[3] ?? '').replace(/[.]$/, '');
    const cut = match[3] ? code.length : match[0].length;
    if (match.index > end) {
      parts.push({ text: text.slice(end, match.index), isCode: false });
    }
    parts.push({ text: code, isCode: true });
    end = match.index + cut;
  }
  if (end < text.length) {
    parts.push({ text: text.slice(end), isCode: false });
  }
  return parts;
}

export function Sentence(props: { text: string }): React.ReactElement {
  return (
    <>
      {textParts(props.text).map((part, index) =>
        part.isCode ? (
          <span key={index} className="envstore-mono">
            {part.text}
          </span>
        ) : (
          <React.Fragment key={index}>{part.text}</React.Fragment>
        )
      )}
    </>
  );
}
