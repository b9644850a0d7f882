/**
 * Lines of an editor marked as wrong: a background over the line, a wave under what stands on it.
 */
import { StateEffect, StateField, type Extension, type Range } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';

const setLines = StateEffect.define<ReadonlyArray<number>>();

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (decorations, transaction) => {
    for (const effect of transaction.effects) {
      if (effect.is(setLines)) {
        const ranges: Range<Decoration>[] = [];
        for (const number of [...new Set(effect.value)].sort((left, right) => left - right)) {
          if (number >= 1 && number <= transaction.state.doc.lines) {
            const line = transaction.state.doc.line(number);
            const start = line.from + (/^\s*(?:-\s+)?/.exec(line.text)?.[0].length ?? 0);
            ranges.push(Decoration.line({ class: 'envstore-editor-wrong' }).range(line.from));
            if (start < line.to) {
              ranges.push(Decoration.mark({ class: 'envstore-editor-wave' }).range(start, line.to));
            }
          }
        }
        return Decoration.set(ranges);
      }
    }
    return decorations.map(transaction.changes);
  },
  provide: field => [
    EditorView.decorations.from(field),
    EditorView.contentAttributes.compute([field], state => ({
      'aria-invalid': String(state.field(field).size > 0)
    }))
  ]
});

/** What an editor needs to have its lines marked; `attributes` go to its text field. */
export function markedLines(attributes: Record<string, string>): Extension {
  return [marks, EditorView.contentAttributes.of(attributes)];
}

/** Mark these lines (from 1) and no others. */
export function markLines(editor: EditorView, lines: ReadonlyArray<number>): void {
  editor.dispatch({ effects: setLines.of(lines) });
}
