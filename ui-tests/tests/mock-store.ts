/**
 * The environments of the design's pictures, for tests that look at the screen: only there the server's answers are
 * made up, so that every state stands beside the others.
 */
import type { IJupyterLabPageFixture } from '@jupyterlab/galata';

const GB = 1e9;
const MB = 1e6;

interface IMockBuild {
  state: string;
  done?: number;
  total?: number;
  bytes?: [number, number];
  fraction?: number;
  seconds?: number;
  code?: string;
}

let id = 0;

function environment(
  reference: string,
  version: number | null,
  size: number,
  state = 'ready',
  building?: IMockBuild
): object {
  const [namespace, name] = reference.split('/');
  const now = new Date().toISOString();
  id++;
  const build = building && {
    id,
    namespace,
    name,
    kind: 'create',
    state: building.state,
    progress: {
      step: '',
      fraction: building.fraction ?? 0,
      done: building.done ?? 0,
      total: building.total ?? 0,
      bytes_done: building.bytes?.[0] ?? 0,
      bytes_total: building.bytes?.[1] ?? 0
    },
    message: '',
    author: 'ada',
    version: null,
    error: building.code ? { code: building.code, message: 'It failed.', details: {} } : null,
    warnings: [],
    seconds: {},
    attempt: 1,
    cancel_requested: false,
    retried_as: null,
    sequence: 1,
    created: now,
    started: new Date(Date.now() - 1000 * (building.seconds ?? 0)).toISOString(),
    finished: building.code ? now : null
  };
  return {
    namespace,
    name,
    description: '',
    state,
    active_version: version,
    package_count: 142,
    size,
    build: build ?? null,
    created: now,
    updated: now,
    deleted: null
  };
}

/** The first picture: a panel in use. */
export const IN_USE = [
  environment('local/analysis', 7, 1.2 * GB),
  environment('local/torch-exp', null, 0, 'building', {
    state: 'installing',
    done: 88,
    total: 142,
    fraction: 0.62,
    seconds: 72
  }),
  environment('local/geo', 3, 2.4 * GB),
  environment('local/legacy-r', null, 0, 'failed', { state: 'failed', code: 'unsolvable' }),
  environment('local/thesis-2024', 11, 0, 'freed'),
  environment('team/dashboards', 21, 860 * MB),
  environment('team/nlp-quarterly-report-2026', 4, 3.1 * GB)
];

/** The picture of a build's stages. */
export const STAGES = [
  environment('local/analysis', 7, 1.2 * GB),
  environment('local/geo-rivers', null, 0, 'building', { state: 'locking', fraction: 0.18, seconds: 3 }),
  environment('local/torch-exp', null, 0, 'building', {
    state: 'fetching',
    done: 42,
    total: 105,
    bytes: [612 * MB, 1.9 * GB],
    fraction: 0.38,
    seconds: 21
  }),
  environment('local/climate', null, 0, 'building', { state: 'queued' }),
  environment('local/legacy-r', null, 0, 'failed', { state: 'failed', code: 'interrupted' }),
  environment('local/old-one', 2, 10 * MB, 'broken')
];

/** Let the server answer with these environments. */
export async function show(page: IJupyterLabPageFixture, environments: object[]): Promise<void> {
  await page.route(/\/envstore\/environments(\?|$)/, route =>
    route.fulfill({ json: { items: environments, next: null, total: environments.length } })
  );
  await page.route(/\/envstore\/builds\/\d+(\?|$)/, route => {
    const wanted = Number(/builds\/(\d+)/.exec(route.request().url())![1]);
    const builds = environments.map(item => (item as { build: { id: number } | null }).build);
    return route.fulfill({ json: builds.find(build => build?.id === wanted) });
  });
}
