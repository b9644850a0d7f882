import { move, TypeAhead, type ILine } from '../panel/navigation';

const LINES: ILine[] = [
  { key: '#local', text: 'local', parent: null, open: true },
  { key: 'local/analysis', text: 'analysis', parent: '#local' },
  { key: 'local/atlas', text: 'atlas', parent: '#local' },
  { key: '#team', text: 'team', parent: null, open: false }
];

describe('The keys of the tree', () => {
  it.each([
    ['ArrowDown', '#local', { to: 'local/analysis' }],
    ['ArrowUp', 'local/analysis', { to: '#local' }],
    ['ArrowUp', '#local', null],
    ['Home', 'local/atlas', { to: '#local' }],
    ['End', '#local', { to: '#team' }],
    ['ArrowRight', '#team', { group: '#team', open: true }],
    ['ArrowRight', '#local', { to: 'local/analysis' }],
    ['ArrowRight', 'local/atlas', null],
    ['ArrowLeft', 'local/atlas', { to: '#local' }],
    ['ArrowLeft', '#local', { group: '#local', open: false }],
    ['ArrowLeft', '#team', null],
    ['x', '#local', null]
  ])('%s at %s', (key, at, expected) => {
    expect(move(key, at, LINES)).toEqual(expected);
  });

  it('finds a line by what is typed, and the next one by the same letter again', () => {
    const find = new TypeAhead();
    expect(find.find('a', '#local', LINES, 0)).toBe('local/analysis');
    expect(find.find('a', 'local/analysis', LINES, 100)).toBe('local/atlas');
    expect(find.find('a', 'local/atlas', LINES, 200)).toBe('local/analysis');
    expect(find.find('a', '#local', LINES, 5_000)).toBe('local/analysis');
    expect(find.find('t', 'local/analysis', LINES, 5_100)).toBe('local/atlas');
    expect(find.find('q', 'local/atlas', LINES, 9_000)).toBeNull();
  });
});
