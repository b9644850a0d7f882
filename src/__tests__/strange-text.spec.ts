import { plainText } from '../components/strange-text';

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

  it('is not searched to its end', () => {
    expect(plainText(' '.repeat(10_000_000) + 'x', 10)).toBe('');
  });
});
