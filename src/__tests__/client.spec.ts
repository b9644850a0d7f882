import { ServerConnection } from '@jupyterlab/services';
import { createServer, type RequestListener, type Server } from 'http';
import type { AddressInfo } from 'net';

import { EnvStoreClient } from '../api/client';
import { isAborted, RequestError, ServerAwayError } from '../api/request';

let server: Server;

/** Start a server that answers in the given way, and return a client of it. */
async function clientOf(listener: RequestListener): Promise<EnvStoreClient> {
  server = createServer(listener);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return new EnvStoreClient(
    ServerConnection.makeSettings({ baseUrl: `http://127.0.0.1:${port}/user/ada/`, token: 'secret' })
  );
}

async function stop(): Promise<void> {
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
}

describe('EnvStoreClient', () => {
  afterEach(stop);

  it('asks below the base URL, logged in, and returns the answer', async () => {
    const seen: (string | undefined)[] = [];
    const client = await clientOf((request, response) => {
      seen.push(request.method, request.url?.split('?')[0], request.headers.authorization);
      response.end(JSON.stringify({ version: '0.1.0', store: '/data/envstore' }));
    });

    await expect(client.status()).resolves.toEqual({ version: '0.1.0', store: '/data/envstore' });
    expect(seen).toEqual(['GET', '/user/ada/envstore/status', 'token secret']);
  });

  it('turns an error of the server into its message, code and details', async () => {
    const client = await clientOf((_, response) => {
      response.statusCode = 409;
      response.end(
        JSON.stringify({ message: 'local/geo exists.', code: 'name_taken', details: { name: 'geo' } })
      );
    });

    const error = await client.status().catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(RequestError);
    expect(error).toMatchObject({
      status: 409,
      code: 'name_taken',
      message: 'local/geo exists.',
      details: { name: 'geo' }
    });
  });

  it('names the status when an error is not ours', async () => {
    const client = await clientOf((_, response) => {
      response.statusCode = 413;
      response.end('<html>Too much</html>');
    });

    await expect(client.status()).rejects.toMatchObject({
      status: 413,
      code: 'unknown',
      message: 'The server answered 413 Payload Too Large.'
    });
  });

  it('takes a proxy that finds no server for a server that is away', async () => {
    const client = await clientOf((_, response) => {
      response.statusCode = 502;
      response.end('<html>Bad gateway</html>');
    });

    await expect(client.status()).rejects.toBeInstanceOf(ServerAwayError);
  });

  it('takes a 502 that the server itself explains for an error of the server', async () => {
    const client = await clientOf((_, response) => {
      response.statusCode = 502;
      response.end(JSON.stringify({ message: 'No answer.', code: 'channel_unavailable', details: {} }));
    });

    await expect(client.status()).rejects.toMatchObject({ status: 502, code: 'channel_unavailable' });
  });

  it('encodes names and queries, and leaves out what was not asked', async () => {
    const seen: string[] = [];
    const client = await clientOf((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      response.end('{}');
    });

    await client.environment('a/b', '../c?');
    await client.search({ pattern: 'num py', channel: ['a', 'b&c'] });
    await client.environments({ search: '', package: undefined, limit: 5 });
    await client.retry(7);

    expect(seen.map(line => line.replace(/[?&]\d+$/, ''))).toEqual([
      'GET /user/ada/envstore/environments/a%2Fb/..%2Fc%3F',
      'GET /user/ada/envstore/packages?q=num+py&channel=a&channel=b%26c',
      'GET /user/ada/envstore/environments?limit=5',
      'POST /user/ada/envstore/builds/7/retry'
    ]);
  });

  it('sends a body as JSON', async () => {
    let text = '';
    const client = await clientOf((request, response) => {
      request.on('data', (part: Buffer) => (text += part.toString()));
      request.on('end', () => response.end('{}'));
    });

    await client.create({ name: 'geo', packages: ['gdal>=3'] });

    expect(JSON.parse(text)).toEqual({ name: 'geo', packages: ['gdal>=3'] });
  });

  it('ends a request that nobody waits for any more, and does not call the server away', async () => {
    const client = await clientOf(() => undefined);
    const stop = new AbortController();
    const asking = client.search({ pattern: 'x' }, stop.signal);
    stop.abort();

    const error = await asking.catch((reason: unknown) => reason);

    expect(isAborted(error)).toBe(true);
  });

  it('refuses a page in place of an answer', async () => {
    const client = await clientOf((_, response) => {
      response.end('<html>Log in</html>');
    });

    await expect(client.status()).rejects.toBeInstanceOf(RequestError);
  });

  it('says so when nothing answers', async () => {
    const client = await clientOf(() => undefined);
    await stop();

    await expect(client.status()).rejects.toBeInstanceOf(ServerAwayError);
  });

  it('says so when the answer breaks off', async () => {
    const client = await clientOf((_, response) => {
      response.setHeader('Content-Length', '1000');
      response.write('{"version": "0.1');
      response.socket?.end();
    });

    await expect(client.status()).rejects.toBeInstanceOf(ServerAwayError);
  });
});
