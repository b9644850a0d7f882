/**
 * What people do beside the browser: commands in a terminal, and a server of one's own that can be killed.
 */
import { execFile, spawn, type ChildProcess } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { promisify } from 'util';

/** The variables that keep a server or a command in the folders of these tests. */
const FOLDERS = JSON.parse(process.env.ENVSTORE_UI_FOLDERS!) as Record<string, string>;

/** Run `jupyter envstore …` on the tests' store. */
export async function envstore(...command: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('jupyter', ['envstore', ...command], {
    env: { ...process.env, ...FOLDERS }
  });
  return stdout;
}

/** Run `jupyter envstore …` on a store of somebody else, who has no server. */
export async function envstoreElsewhere(...command: string[]): Promise<string> {
  const folder = path.join(path.dirname(FOLDERS.JUPYTER_ENVSTORE_DIR!), 'elsewhere');
  const { stdout } = await promisify(execFile)('jupyter', ['envstore', ...command], {
    env: {
      ...process.env,
      ...FOLDERS,
      JUPYTER_DATA_DIR: path.join(folder, 'data'),
      JUPYTER_ENVSTORE_DIR: path.join(folder, 'store')
    }
  });
  return stdout;
}

/** The path of a file among those that the tests' server shows. */
export function inFiles(name: string): string {
  return path.join(FOLDERS.JUPYTERLAB_GALATA_ROOT_DIR!, name);
}

/** The path of a kernel spec among those that the tests' server shows. */
export function inKernels(name: string): string {
  return path.join(FOLDERS.JUPYTER_DATA_DIR!, 'kernels', name);
}

/**
 * Let a package be no longer to be had: neither from the channel nor from what the store has fetched. Environments that
 * have it keep it.
 *
 * @returns What lets the channel have it again.
 */
export function withdraw(name: string): () => void {
  const isOf = (file: string): boolean => file.startsWith(`${name}-`) && /^\d/.test(file.slice(name.length + 1));
  const fetched = path.join(FOLDERS.JUPYTER_ENVSTORE_DIR!, 'cache', 'pkgs');
  for (const file of fs.readdirSync(fetched).filter(isOf)) {
    fs.rmSync(path.join(fetched, file), { recursive: true });
  }
  const channel = path.resolve(__dirname, '..', '..', '.cache', 'channel', 'conda-forge');
  const files = ['noarch', 'linux-64'].flatMap(subdir =>
    fs
      .readdirSync(path.join(channel, subdir))
      .filter(isOf)
      .map(file => path.join(channel, subdir, file))
  );
  files.forEach(file => fs.renameSync(file, `${file}.withdrawn`));
  return () => files.forEach(file => fs.renameSync(`${file}.withdrawn`, file));
}

/** What is in a file; empty while there is none. */
export function readText(file: string): string {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}

/** A server of one test's own, with a store of its own. */
export class OwnServer {
  /**
   * @param port - Where it listens.
   * @param base - Its base URL.
   * @param token - What one logs in with; can be changed before it starts again. Empty: everybody is let in.
   */
  constructor(
    private readonly port: number,
    private readonly base = '/',
    public token = ''
  ) {
    this.folder = path.join(path.dirname(FOLDERS.JUPYTER_ENVSTORE_DIR!), `own-${port}`);
    fs.rmSync(this.folder, { recursive: true, force: true });
    for (const name of ['files', 'config', 'data']) {
      fs.mkdirSync(path.join(this.folder, name), { recursive: true });
    }
    const settings = 'jupyter_envstore_config.json';
    fs.copyFileSync(
      path.join(FOLDERS.JUPYTER_CONFIG_DIR!, settings),
      path.join(this.folder, 'config', settings)
    );
  }

  /** Before it starts: fill its store with a program of this folder. */
  async fill(program: string): Promise<void> {
    // The Python that the command line runs with.
    const jupyter = (process.env.PATH ?? '')
      .split(path.delimiter)
      .find(folder => fs.existsSync(path.join(folder, 'jupyter-envstore')));
    await promisify(execFile)(path.join(jupyter ?? '', 'python'), [
      path.resolve(__dirname, '..', program),
      this.folders.JUPYTER_ENVSTORE_DIR!
    ]);
  }

  /** Its address, with the base URL. */
  get url(): string {
    return `http://localhost:${this.port}${this.base}`;
  }

  /** Start it, and wait until it answers. */
  async start(): Promise<void> {
    const log = fs.openSync(path.join(this.folder, 'server.log'), 'a');
    const allowRoot = process.getuid?.() === 0 ? ['--allow-root'] : [];
    const config = path.resolve(__dirname, '..', 'jupyter_server_test_config.py');
    const place = [`--ServerApp.port=${this.port}`, '--ServerApp.port_retries=0', `--ServerApp.base_url=${this.base}`];
    const login = this.token
      ? [`--IdentityProvider.token=${this.token}`, '--ServerApp.disable_check_xsrf=False']
      : [];
    this._process = spawn('jupyter', ['lab', '--config', config, ...place, ...login, ...allowRoot], {
      env: { ...process.env, ...this.folders },
      stdio: ['ignore', log, log]
    });
    const headers: Record<string, string> = this.token ? { Authorization: `token ${this.token}` } : {};
    for (let attempt = 0; attempt < 240; attempt++) {
      const answer = await fetch(`${this.url}envstore/status`, { headers }).catch(() => null);
      if (answer?.ok) {
        return;
      }
      await new Promise(resolve => setTimeout(resolve, 250));
    }
    throw new Error(`The server did not start; see ${this.folder}/server.log`);
  }

  /** End it as a crash does. */
  async kill(): Promise<void> {
    const ended = new Promise(resolve => this._process?.once('exit', resolve));
    this._process?.kill('SIGKILL');
    await ended;
  }

  /** While it is down: forget what its login cookies were signed with. */
  forgetLogins(): void {
    fs.rmSync(this.folders.JUPYTER_RUNTIME_DIR!, { recursive: true, force: true });
  }

  /** Run `jupyter envstore …` on its store. */
  async envstore(...command: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)('jupyter', ['envstore', ...command], {
      env: { ...process.env, ...this.folders }
    });
    return stdout;
  }

  private get folders(): Record<string, string> {
    const at = (name: string): string => path.join(this.folder, name);
    return {
      JUPYTER_CONFIG_DIR: at('config'),
      JUPYTER_DATA_DIR: at('data'),
      JUPYTER_RUNTIME_DIR: at('runtime'),
      JUPYTERLAB_GALATA_ROOT_DIR: at('files'),
      JUPYTER_ENVSTORE_DIR: at('store')
    };
  }

  private readonly folder: string;
  private _process: ChildProcess | null = null;
}
