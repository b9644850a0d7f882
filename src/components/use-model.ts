/**
 * Hooks that draw a component again when something outside React changes.
 */
import { useEffect, useReducer, useRef, useState } from 'react';
import type { ISignal } from '@lumino/signaling';

/** Draw again whenever a signal is emitted; several in one frame draw once. */
export function useSignal(signal: ISignal<unknown, unknown>): void {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const draw = (): void => redraw();
    // What changed between drawing and connecting must not be missed.
    draw();
    signal.connect(draw);
    return () => {
      signal.disconnect(draw);
    };
  }, [signal]);
}

/** Milliseconds now, read again every second while `running`. */
export function useNow(running: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!running) {
      return;
    }
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}

/** A value that follows another one after it has stood still for so many milliseconds. */
export function useDebounced<T>(value: T, milliseconds: number): T {
  const [settled, setSettled] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => {
    timer.current = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer.current);
  }, [value, milliseconds]);
  return settled;
}
