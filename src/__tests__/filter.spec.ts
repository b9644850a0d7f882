import { group } from '../panel/matching';
import { anEnvironment } from './samples';

describe('The filter', () => {
  const environments = [
    anEnvironment({ name: 'analysis' }),
    anEnvironment({ name: 'geo' }),
    anEnvironment({ namespace: 'team', name: 'Analysis-2' })
  ];

  it('leaves all without a text, in groups', () => {
    expect(group(environments, ' ', null).map(({ namespace, total }) => [namespace, total])).toEqual([
      ['local', 2],
      ['team', 1]
    ]);
  });

  it('leaves what has the text in its name, in any case, and counts the rest', () => {
    const [local, team] = group(environments, 'ANALYSIS', null);
    expect([local!.items.length, local!.total, team!.items[0]!.name]).toEqual([1, 2, 'Analysis-2']);
  });

  it('leaves what has the package too', () => {
    const groups = group(environments, 'gdal', new Set(['local/geo']));
    expect(groups.flatMap(({ items }) => items.map(item => item.name))).toEqual(['geo']);
  });
});
