import { ServerConnection } from '@jupyterlab/services';
import { createServer, type Server } from 'http';
import type { AddressInfo } from 'net';

import { EnvStoreClient } from '../api/client';

/** What was asked: method, path below `envstore/`, and the body. */
type Asked = [string, string, unknown];

const VERSION = { namespace: 'local', name: 'geo', number: 3 };
const PATH = 'environments/local/geo';

describe('What the client sends about versions', () => {
  let server: Server;
  let client: EnvStoreClient;
  let asked: Asked[];

  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      let body = '';
      request.on('data', part => (body += part));
      request.on('end', () => {
        const url = new URL(request.url!, 'http://localhost');
        // What JupyterLab appends to keep a cache from answering is not ours.
        [...url.searchParams.keys()]
          .filter(key => /^\d+$/.test(key))
          .forEach(key => url.searchParams.delete(key));
        const path = `${url.pathname}${url.search}`.replace('/envstore/', '');
        asked.push([request.method!, path, body ? JSON.parse(body) : null]);
        response.end('{"kernel": "envstore-local--geo--v3"}');
      });
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    client = new EnvStoreClient(ServerConnection.makeSettings({ baseUrl: `http://127.0.0.1:${port}/` }));
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  });

  const calls: [string, (client: EnvStoreClient) => Promise<unknown>, Asked][] = [
    [
      'edit',
      it => it.edit('local', 'geo', { parent: 3, add: ['xarray'] }),
      ['POST', `${PATH}/versions`, { parent: 3, add: ['xarray'] }]
    ],
    ['activate', it => it.activate('local', 'geo', 3), ['PATCH', PATH, { active_version: 3 }]],
    ['schedule', it => it.schedule('local', 'geo', 'weekly'), ['PATCH', PATH, { schedule: 'weekly' }]],
    ['describe', it => it.describe('local', 'geo', 'maps'), ['PATCH', PATH, { description: 'maps' }]],
    ['rename', it => it.rename('local', 'geo', 'maps'), ['POST', `${PATH}/rename`, { name: 'maps' }]],
    ['clone', it => it.clone('local', 'geo', 'maps'), ['POST', `${PATH}/clone`, { name: 'maps' }]],
    [
      'clone of a version',
      it => it.clone('local', 'geo', 'maps', 2),
      ['POST', `${PATH}/clone`, { name: 'maps', version: 2 }]
    ],
    [
      'changeVersion',
      it => it.changeVersion(VERSION, { pinned: true }),
      ['PATCH', `${PATH}/versions/3`, { pinned: true }]
    ],
    ['deleteVersion', it => it.deleteVersion(VERSION), ['DELETE', `${PATH}/versions/3`, null]],
    ['repair', it => it.repair(VERSION), ['POST', `${PATH}/versions/3/repair`, null]],
    ['verify', it => it.verify(VERSION), ['POST', `${PATH}/versions/3/verify`, null]],
    [
      'compare',
      it => it.compare({ namespace: 'team', name: 'a b', number: 1 }, VERSION),
      ['GET', `${PATH}/versions/3/diff?against=team%2Fa+b%401`, null]
    ],
    [
      'editText',
      it => it.editText({ specification: 'a', variables: { A: null } }),
      ['POST', 'specification/edit', { specification: 'a', variables: { A: null } }]
    ],
    [
      'preview',
      it => it.preview({ environment: 'geo', update: [] }),
      ['POST', 'preview', { environment: 'geo', update: [] }]
    ],
    ['previewState', it => it.previewState('a-b_c'), ['GET', 'previews/a-b_c', null]],
    ['cancelPreview', it => it.cancelPreview('a-b_c'), ['DELETE', 'previews/a-b_c', null]],
    [
      'find',
      it => it.find({ package: 'numpy >=2', activeOnly: true, limit: 5 }),
      ['GET', 'find?package=numpy+%3E%3D2&active_only=true&limit=5', null]
    ],
    ['find all', it => it.find({ package: 'numpy' }), ['GET', 'find?package=numpy', null]],
    [
      'supplier',
      it => it.supplier('google.cloud', 'geo@3'),
      ['GET', 'modules/google.cloud?environment=geo%403', null]
    ],
    ['supplier of nobody', it => it.supplier('cv2'), ['GET', 'modules/cv2', null]],
    ['usage', it => it.usage(), ['GET', 'usage', null]],
    ['collect', it => it.collect(true), ['POST', 'collect', { dry_run: true }]]
  ];

  it.each(calls)('%s', async (_, call, expected) => {
    await call(client);
    expect(asked).toEqual([expected]);
  });

  it('answers the name of a kernel', async () => {
    await expect(client.kernel(VERSION)).resolves.toBe('envstore-local--geo--v3');
    expect(asked).toEqual([['POST', `${PATH}/versions/3/kernel`, null]]);
  });
});
