import { ServerConnection } from '@jupyterlab/services';
import { createServer, type RequestListener, type Server } from 'http';
import type { AddressInfo } from 'net';

import { EnvStoreClient } from '../api/client';
import { RequestError, ServerAwayError } from '../api/request';

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
      response.statusCode = 502;
      response.end('<html>Bad gateway</html>');
    });

    await expect(client.status()).rejects.toMatchObject({
      status: 502,
      code: 'unknown',
      message: 'The server answered 502 Bad Gateway.'
    });
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
