/**
 * Environments and builds for tests.
 */
import type { IBuild, IEnvironment, INotebookEnvironment } from '../api/types';

export function aBuild(changes: Partial<IBuild> = {}): IBuild {
  return {
    id: 1,
    namespace: 'local',
    name: 'geo',
    kind: 'create',
    state: 'installing',
    progress: { step: 'link', fraction: 0.5, done: 0, total: 0, bytes_done: 0, bytes_total: 0 },
    message: '',
    author: 'ada',
    version: null,
    error: null,
    warnings: [],
    seconds: {},
    attempt: 1,
    cancel_requested: false,
    retried_as: null,
    sequence: 1,
    created: '2026-11-22T10:00:00Z',
    started: '2026-11-22T10:00:01Z',
    finished: null,
    ...changes
  };
}

export function anEnvironment(changes: Partial<IEnvironment> = {}): IEnvironment {
  return {
    namespace: 'local',
    name: 'geo',
    description: '',
    state: 'ready',
    active_version: 1,
    package_count: 10,
    size: 1_000_000,
    schedule: 'off',
    next_update: null,
    offered_version: null,
    build: null,
    created: '2026-11-22T10:00:00Z',
    updated: '2026-11-22T10:00:00Z',
    deleted: null,
    ...changes
  };
}

/** What a notebook carries. */
export function aCarried(changes: Partial<INotebookEnvironment> = {}): INotebookEnvironment {
  return {
    convention: 'envstore',
    locked: true,
    name: 'analysis',
    name_taken: false,
    environment: 'local/analysis@7',
    recorded: '2026-11-22T10:00:00Z',
    lock: 'a',
    platform: 'linux-64',
    platforms: ['linux-64'],
    channels: [
      {
        name: 'conda-forge',
        url: 'https://packages.example/forge',
        packages: 1,
        configured: true,
        allowable: true
      }
    ],
    packages: [],
    pip: 0,
    size: null,
    here: 0,
    download: null,
    unknown_sizes: 0,
    size_on_disk: null,
    size_is_estimated: false,
    specification: 'dependencies:\n  - numpy\n',
    variables: {},
    existing: [],
    valid: true,
    remarks: [],
    findings: [],
    ...changes
  };
}
