/**
 * The whole panel takes a file that is dropped on it.
 */
import React from 'react';

import { useTranslation } from '../components/translation';
import { useActions } from './actions';

export function DropTarget(props: { children: React.ReactNode }): React.ReactElement {
  const trans = useTranslation();
  const { take } = useActions();
  const [over, setOver] = React.useState(false);

  const onDragOver = (event: React.DragEvent): void => {
    if (event.dataTransfer.types.includes('Files')) {
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      setOver(true);
    }
  };
  const onDragLeave = (event: React.DragEvent): void => {
    // Going over from one child to another leaves the first, but not the panel.
    if (!event.currentTarget.contains(event.relatedTarget as Node | null)) {
      setOver(false);
    }
  };
  const onDrop = (event: React.DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) {
      take(file);
    }
  };

  return (
    <div className="envstore-panel-drop" onDragOver={onDragOver} onDragLeave={onDragLeave} onDrop={onDrop}>
      {props.children}
      {over && (
        <div className="envstore-panel-over">
          {trans.__('Drop an environment.yml, a lockfile or a notebook')}
        </div>
      )}
    </div>
  );
}
