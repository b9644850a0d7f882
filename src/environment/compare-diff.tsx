/**
 * What differs between two specifications, line by line.
 */
import React from 'react';

import { useTranslation } from '../components/translation';
import { diffLines } from './diff-lines';

interface ICompareDiffProps {
  /** A unified diff; empty when the texts are the same. */
  diff: string;
  /** The text on the left; null when it is not known. */
  before: string | null;
  names: { before: string; after: string };
}

export function CompareDiff({ diff, before, names }: ICompareDiffProps): React.ReactElement {
  const trans = useTranslation();
  const lines = diffLines(diff, before);
  const count = (look: string): number => lines.filter(line => line.look === look).length;
  const [added, removed] = [count('add'), count('remove')];
  return (
    <figure className="envstore-diff" aria-label={trans.__('Difference of environment.yml')}>
      <div className="envstore-diff-head">
        <span className="envstore-strongcolor">{trans.__('environment.yml')}</span>
        <span>{trans.__('%1 to %2', names.before, names.after)}</span>
        <span className="envstore-spacer" />
        <span className="envstore-delta">
          {added > 0 && (
            <span className="jp-mod-add" title={trans._n('%1 line added', '%1 lines added', added)}>
              +{added}
            </span>
          )}
          {removed > 0 && (
            <span className="jp-mod-remove" title={trans._n('%1 line removed', '%1 lines removed', removed)}>
              −{removed}
            </span>
          )}
          {added + removed === 0 && <span>{trans.__('the same')}</span>}
        </span>
      </div>
      <div className="envstore-code" tabIndex={0}>
        {lines.map((line, index) => (
          <div key={index} className={line.look === 'same' ? undefined : `jp-mod-${line.look}`}>
            <span>{line.before}</span>
            <span>{line.after}</span>
            <span>{{ add: '+', remove: '−', same: '', gap: '' }[line.look]}</span>
            <span>{line.text}</span>
          </div>
        ))}
      </div>
    </figure>
  );
}
