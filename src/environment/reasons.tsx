/**
 * The tree of reasons why no versions fit together.
 */
import React from 'react';

import type { IExplanation } from '../api/types';
import { failedIcon } from '../components/icons';
import { Sentence } from '../components/sentence';
import { useTranslation } from '../components/translation';
import { reasonTree, type IReasonNode } from './reason-tree';

export function Reasons(props: { name: string; explanation: IExplanation }): React.ReactElement {
  const trans = useTranslation();
  return (
    <div className="envstore-explain">
      <ul aria-label={trans.__('Why no versions fit together')}>
        <li>
          <div className="envstore-explain-line">
            <span>
              <b>{props.name}</b> {trans.__('asks for')}
            </span>
          </div>
          <Branches nodes={reasonTree(props.explanation)} />
        </li>
      </ul>
    </div>
  );
}

function Branches(props: { nodes: ReadonlyArray<IReasonNode> }): React.ReactElement | null {
  const trans = useTranslation();
  if (props.nodes.length === 0) {
    return null;
  }
  return (
    <ul>
      {props.nodes.map((node, index) => (
        <li key={index}>
          <div className="envstore-explain-line">
            {node.kind === 'dead-end' && (
              <failedIcon.react className="envstore-icon envstore-icon-error" tag="span" />
            )}
            <span className={node.kind === 'asked' ? 'envstore-mono' : ''}>
              {node.kind === 'asked' ? node.text : <Sentence text={node.text} />}
            </span>
            {node.kind === 'asked' && (
              <span className="envstore-muted envstore-small">{trans.__('you asked for it')}</span>
            )}
          </div>
          <Branches nodes={node.children} />
        </li>
      ))}
    </ul>
  );
}
