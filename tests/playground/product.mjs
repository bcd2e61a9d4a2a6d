// The product under test: its real program, the demo's firms in a private database, and the settings
// that point it at the Teams service of the walk.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './playground.mjs';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The host of the product's links. */
export const LINK_HOST = 'tenantry.example.com';

/** The program named by TENANTRY_BIN, else the one that was built last. */
function program() {
  if (process.env.TENANTRY_BIN) return path.resolve(process.env.TENANTRY_BIN);
  const built = ['release', 'debug'].map((profile) => path.join(root, 'target', profile, 'tenantry')).filter((file) => fs.existsSync(file));
  const age = (file) => fs.statSync(file).mtimeMs;
  const newest = built.sort((a, b) => age(b) - age(a))[0];
  if (!newest) throw new Error('no program: run cargo build, or set TENANTRY_BIN');
  return newest;
}

export class Product {
  #process = null;
  #folder = null;

  constructor(teams, { directory }) {
    this.teams = teams;
    this.directory = directory;
  }

  async start() {
    this.#folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tenantry-'));
    fs.chmodSync(this.#folder, 0o755); // run by root, the database server is another user's
    const port = await freePort();
    const env = {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(port),
      CLIENT_ID: this.teams.appId,
      CLIENT_SECRET: this.teams.secret,
      TENANT_ID: this.directory,
      OPENID_METADATA_URL: this.teams.metadataUrl,
      TOKEN_URL: this.teams.tokenUrl,
      SERVICE_ORIGINS: this.teams.origin,
      CHANNELS: 'msteams,m365extensions',
      LINK_HOST,
      ...(process.env.DATABASE_URL ? {} : { DATA_DIR: path.join(this.#folder, 'data') }),
    };
    const imported = spawnSync(program(), ['import', '--demo'], { env, encoding: 'utf8' });
    if (imported.status !== 0) throw new Error(`import --demo: ${imported.stderr}${imported.stdout}`);

    this.log = path.join(this.#folder, 'log');
    const log = fs.openSync(this.log, 'w');
    this.#process = spawn(program(), ['serve'], { env, stdio: ['ignore', log, log] });
    this.url = `http://127.0.0.1:${port}`;
    for (const end = Date.now() + 20_000; ;) {
      if (this.#process.exitCode !== null || Date.now() > end) throw new Error(`serve is not ready: ${fs.readFileSync(this.log, 'utf8').slice(-2000)}`);
      if (await fetch(`${this.url}/readyz`).then((answer) => answer.ok, () => false)) break;
      await new Promise((again) => { setTimeout(again, 50); });
    }
    this.teams.botUrl = `${this.url}/api/messages`;
    return this;
  }

  /** Lines of the log, parsed where they are JSON. */
  logged() {
    return fs.readFileSync(this.log, 'utf8').split('\n').filter(Boolean);
  }

  /** SIGTERM, as an operator ends it; gives back how long that took, in ms, and the exit code. */
  async stop() {
    const begun = Date.now();
    const ended = this.#process && this.#process.exitCode === null
      ? new Promise((done) => { this.#process.once('exit', done); this.#process.kill('SIGTERM'); })
      : this.#process?.exitCode;
    const code = await ended;
    return { code, took: Date.now() - begun };
  }

  clean() {
    if (this.#process?.exitCode === null) this.#process.kill('SIGKILL');
    if (this.#folder) fs.rmSync(this.#folder, { recursive: true, force: true });
  }
}
