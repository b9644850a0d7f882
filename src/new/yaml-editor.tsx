/**
 * The host's own editor for an environment.yml.
 */
import type { EditorView } from '@codemirror/view';
import { CodeEditor, type IEditorServices } from '@jupyterlab/codeeditor';
import type { CodeMirrorEditor } from '@jupyterlab/codemirror';
import React, { useEffect, useRef } from 'react';

import { markedLines, markLines } from './marked-lines';

interface IYamlEditorProps {
  services: IEditorServices;
  text: string;
  label: string;
  /** Lines (from 1) to mark as wrong. */
  wrong?: ReadonlyArray<number>;
  /** The id of what describes the text. */
  describedBy?: string;
  /** Left out for a text that is only to be read. */
  onChange?: (text: string) => void;
}

const NONE: ReadonlyArray<number> = [];

export function YamlEditor(props: IYamlEditorProps): React.ReactElement {
  const { services, text, label, describedBy, onChange } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const model = useRef<CodeEditor.IModel | null>(null);
  const change = useRef(onChange);
  change.current = onChange;
  const isReadOnly = onChange === undefined;

  useEffect(() => {
    const document = new CodeEditor.Model({ mimeType: 'text/x-yaml' });
    document.sharedModel.setSource(text);
    const editor = services.factoryService.newInlineEditor({
      host: host.current!,
      model: document,
      config: { lineNumbers: true, lineWrap: false, readOnly: isReadOnly, autoClosingBrackets: false }
    }) as CodeMirrorEditor;
    editor.injectExtension(
      markedLines({ 'aria-label': label, ...(describedBy ? { 'aria-describedby': describedBy } : {}) })
    );
    document.sharedModel.changed.connect(shared => change.current?.(shared.getSource()));
    view.current = editor.editor;
    model.current = document;
    if (!isReadOnly) {
      editor.focus();
    }
    return () => {
      view.current = null;
      model.current = null;
      editor.dispose();
      document.dispose();
    };
    // The text goes in below; it is not a reason for another editor.
  }, [services, label, describedBy, isReadOnly]);

  useEffect(() => {
    if (model.current && model.current.sharedModel.getSource() !== text) {
      model.current.sharedModel.setSource(text);
    }
  }, [text]);

  const wrong = props.wrong ?? NONE;
  const marked = wrong.join();
  useEffect(() => {
    if (view.current) {
      markLines(view.current, wrong);
    }
  }, [marked]);

  return <div className="envstore-editor jp-Editor" ref={host} />;
}
