/**
 * How the browser tests run: one JupyterLab, in folders of its own, and a Chromium that is already on the machine.
 */
const fs = require('fs');
const path = require('path');
const { pathToFileURL } = require('url');
const baseConfig = require('@jupyterlab/galata/lib/playwright-config');

const port = process.env.ENVSTORE_UI_PORT ?? '18888';
// Of the package index, which serves wheels for the pip part. The ports between are those of journeys with a server of
// their own.
const indexPort = String(Number(port) + 9);
const url = `http://localhost:${port}`;
// The server's folders, and its log.
const scratch = path.resolve(__dirname, '..', '.cache', 'ui-tests', port);

const log = path.join(scratch, 'server.log');
// What an earlier run has built would be there at once, with nothing to watch. Its files are read-only.
const old = path.join(scratch, 'store');
const clean = `if [ -d "${old}" ]; then chmod -R u+w "${old}" && rm -rf "${old}"; fi`;
const allowRoot = process.getuid?.() === 0 ? '--allow-root' : '';

// What keeps a server, or a command, in the folders of these tests.
const folders = {
  JUPYTER_CONFIG_DIR: path.join(scratch, 'config'),
  JUPYTER_DATA_DIR: path.join(scratch, 'data'),
  JUPYTER_RUNTIME_DIR: path.join(scratch, 'runtime'),
  JUPYTERLAB_GALATA_ROOT_DIR: path.join(scratch, 'files'),
  JUPYTER_ENVSTORE_DIR: path.join(scratch, 'store')
};

// The tests read these too, in processes of their own.
process.env.TARGET_URL = url;
process.env.ENVSTORE_UI_STORE = folders.JUPYTER_ENVSTORE_DIR;
process.env.ENVSTORE_UI_FOLDERS = JSON.stringify(folders);

// `make test-ui` names the browser. Undefined: the one that Playwright brings, where somebody has installed it.
function findChromium() {
  const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  return process.env.ENVSTORE_CHROMIUM || usual.find(candidate => fs.existsSync(candidate));
}

module.exports = {
  ...baseConfig,
  testDir: 'tests',
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  use: {
    ...baseConfig.use,
    baseURL: url,
    // A video needs ffmpeg, which only Playwright's own download brings.
    video: 'off',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: findChromium(),
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu']
    }
  },
  webServer: [
    {
      command: `exec python package_index.py ${indexPort}`,
      url: `http://127.0.0.1:${indexPort}/simple/river-words/`,
      reuseExistingServer: false
    },
    {
      command: `${clean}; exec jupyter lab --config jupyter_server_test_config.py --ServerApp.port=${port} ${allowRoot} > "${log}" 2>&1`,
      url: `${url}/lab`,
      timeout: 120 * 1000,
      reuseExistingServer: false,
      env: folders
    }
  ]
};

for (const folder of ['files', 'config', 'data']) {
  fs.mkdirSync(path.join(scratch, folder), { recursive: true });
}
// Server and command line read the same file. Packages come from the local channel, and nothing outside the tests' own
// folders is written.
fs.writeFileSync(
  path.join(scratch, 'config', 'jupyter_envstore_config.json'),
  JSON.stringify({
    EnvStore: {
      channel_alias: pathToFileURL(path.resolve(__dirname, '..', '.cache', 'channel')).href,
      pip_index_url: `http://127.0.0.1:${indexPort}/simple`,
      conda_environments_file: path.join(scratch, 'environments.txt'),
      // What was just built may be freed: a journey cannot wait for a week.
      keep_used_days: 0
    }
  })
);
