import { plainLines, plainText } from '../components/strange-text';

describe('Text of a stranger', () => {
  it.each([
    ['analysis (v7)', 'analysis (v7)'],
    ['a\nb\u0000c', 'a b c'],
    ['safe\u202Egnp.exe', 'safe gnp.exe'],
    ['\u200B\u2066x\u2069', 'x'],
    ['x'.repeat(100), 'x'.repeat(79) + '…'],
    [7, ''],
    [undefined, '']
  ])('is one line that shows what it says: %p', (text, shown) => {
    expect(plainText(text)).toBe(shown);
  });

  it('of several lines keeps these, and how far they are indented', () => {
    expect(plainLines('pip:\r\n\t- a  # \u202Eelpmis\u0000\n  - b')).toBe('pip:\n\t- a  #  elpmis \n  - b');
  });

  it('is not searched to its end', () => {
    expect(plainText(' '.repeat(10_000_000) + 'x', 10)).toBe('');
  });
});
