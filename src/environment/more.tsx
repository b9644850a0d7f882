/**
 * Below a list that is longer than what is shown of it.
 */
import React from 'react';

import { Button } from '../components/buttons';
import { useTranslation } from '../components/translation';

interface IMoreProps {
  label: string;
  shown: number;
  total: number;
  onMore: () => void;
}

export function More(props: IMoreProps): React.ReactElement {
  const trans = useTranslation();
  return (
    <div className="envstore-more">
      <Button onClick={props.onMore}>{props.label}</Button>
      <span className="envstore-muted">{trans.__('%1 of %2 shown', props.shown, props.total)}</span>
    </div>
  );
}
