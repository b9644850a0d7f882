import { saysAnything, wordsOf, wordsOfText } from '../model/notebook-request';

const BLOCK = '# /// script\n# dependencies = ["numpy"]\n# ///';

describe('What the server sees of a notebook', () => {
  it('is what carries something, and the kernel, of its metadata', () => {
    const metadata = {
      envstore: { schema: 1 },
      kernelspec: { name: 'a' },
      widgets: { state: {} },
      title: 'b'
    };
    expect(wordsOf(metadata, [])).toEqual({
      metadata: { envstore: { schema: 1 }, kernelspec: { name: 'a' } }
    });
  });

  it('has the cells in which other programs write, where the metadata has nothing of ours', () => {
    const words = wordsOf({ 'uv.lock': 'version = 1' }, ['print(1)', BLOCK]) as {
      content: { cells: object[] };
    };
    expect(words.content.cells).toEqual([
      { cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source: BLOCK }
    ]);
    expect(wordsOf({ envstore: {} }, [BLOCK])).toEqual({ metadata: { envstore: {} } });
  });

  it('is nothing where nobody wrote anything', () => {
    expect(saysAnything(wordsOf({ kernelspec: { name: 'a' } }, ['import numpy']))).toBe(false);
    expect(saysAnything(wordsOf({ conda: {} }, []))).toBe(true);
    expect(saysAnything(wordsOf({}, [BLOCK]))).toBe(true);
  });

  it('leaves out a cell that is longer than any that was written by hand', () => {
    expect(saysAnything(wordsOf({}, [BLOCK + 'x'.repeat(600_000)]))).toBe(false);
  });

  it('is read from a file, whose cells may be written in lines', () => {
    const cells = [{ cell_type: 'code', source: BLOCK.split(/(?<=\n)/), outputs: [{ huge: true }] }, null, 3];
    const text = JSON.stringify({ nbformat: 4, metadata: {}, cells });
    expect(JSON.stringify(wordsOfText(text))).toContain('dependencies');
    expect(JSON.stringify(wordsOfText(text))).not.toContain('huge');
  });

  it.each(['{', '[]', '{}', 'null', '"a"', '{"nbformat": "4"}'])(
    'is null for what is no notebook: %s',
    text => {
      expect(wordsOfText(text)).toBeNull();
    }
  );

  it.each(['{"nbformat": 3, "worksheets": []}', '{"nbformat": 4, "metadata": 5, "cells": {}}'])(
    'is nothing for a notebook with odd parts: %s',
    text => {
      expect(wordsOfText(text)).toEqual({ metadata: {} });
    }
  );
});
