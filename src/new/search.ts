/**
 * Search-as-you-type: asks once the typing pauses, and shows only the answer to the last question.
 */
import { useEffect, useState } from 'react';

/** A question that was asked, is being asked, or failed. */
export interface IAsked<T> {
  /** What was asked; empty when nothing was. */
  readonly question: string;
  readonly answer: T | null;
  readonly error: Error | null;
}

const NOTHING = { question: '', answer: null, error: null };

/**
 * Ask `ask` for `question` when it has not changed for `delay` milliseconds. What was answered before stays until the
 * next answer is there; an empty question clears it.
 *
 * @param ask - Has to be the same function from one rendering to the next, or the question is asked again.
 */
export function useAnswer<T>(
  question: string,
  ask: (question: string, signal: AbortSignal) => Promise<T>,
  delay: number
): IAsked<T> {
  const [asked, setAsked] = useState<IAsked<T>>(NOTHING);
  useEffect(() => {
    if (!question) {
      setAsked(NOTHING);
      return;
    }
    const controller = new AbortController();
    const timer = window.setTimeout(() => {
      ask(question, controller.signal).then(
        answer => {
          if (!controller.signal.aborted) {
            setAsked({ question, answer, error: null });
          }
        },
        (error: unknown) => {
          if (!controller.signal.aborted) {
            setAsked({
              question,
              answer: null,
              error: error instanceof Error ? error : new Error(String(error))
            });
          }
        }
      );
    }, delay);
    return () => {
      window.clearTimeout(timer);
      controller.abort();
    };
  }, [question, ask, delay]);
  return asked;
}
