/**
 * What opens below a field. It stands in the window and not in the field, so that a dialog that scrolls does not cut it.
 */
import React, { useLayoutEffect, useRef } from 'react';

/** Between what opens and the edge of the window, in pixels. */
const MARGIN = 8;

interface IPopupProps extends React.HTMLAttributes<HTMLDivElement> {
  /** As wide as what it belongs to. */
  wide?: boolean;
}

/** Stands below its parent, or above where there is more room. */
export const Popup = React.forwardRef<HTMLDivElement, IPopupProps>(function Popup(props, outer) {
  const { wide, className, children, ...rest } = props;
  const node = useRef<HTMLDivElement | null>(null);
  useLayoutEffect(() => {
    const { current } = node;
    const field = current?.parentElement?.getBoundingClientRect();
    if (!current || !field) {
      return;
    }
    const { style } = current;
    style.width = wide ? `${field.width}px` : '';
    style.left = style.top = '0';
    // Where its containing block begins: in a container of container queries that is not the window.
    const { height, width, left, top } = current.getBoundingClientRect();
    const below = window.innerHeight - field.bottom - MARGIN;
    const isAbove = height > below && field.top > below;
    const start = Math.max(MARGIN, Math.min(field.left, window.innerWidth - width - MARGIN));
    style.left = `${start - left}px`;
    style.top = `${(isAbove ? field.top - height - 2 : field.bottom + 2) - top}px`;
  });
  return (
    <div
      {...rest}
      ref={element => {
        node.current = element;
        if (typeof outer === 'function') {
          outer(element);
        } else if (outer) {
          outer.current = element;
        }
      }}
      className={`envstore-popup envstore-floating ${className ?? ''}`}
    >
      {children}
    </div>
  );
});
