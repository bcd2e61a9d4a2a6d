// Microsoft's Agents Playground in a headless browser, worked by hand: say, press, fill, look.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { asRead } from './person.mjs';
import { Sketch } from './sketch.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const CARD = 'application/vnd.microsoft.card.adaptive';
const PATIENCE = 10_000; // ms
const UNHEARD = 2_500; // ms after which an action has called nobody
const pause = (ms) => new Promise((on) => { setTimeout(on, ms); });

/** Runs in the page: messages far above cost the browser more and more, so they are taken out of its sight. */
function hideOld(card) {
  const LEFT = 8;
  let message = card;
  while (message && message.parentElement && message.parentElement.children.length <= LEFT) message = message.parentElement;
  const old = [...(message?.parentElement?.children ?? [])].slice(0, -LEFT);
  // In a channel the newest stands above, and each post has a box to write in.
  for (const one of old.filter((part) => !part.querySelector('[role=textbox]'))) one.style.display = 'none';
}

const isMessage = (call) => call.kind === 'connector' && call.body?.type === 'message' && call.status !== undefined;

/** The card that a call brought: a message's, or the answer to a button. */
function cardOf(call) {
  if (call.name === 'adaptiveCard/action') return call.body?.type === CARD ? call.body.value : undefined;
  return call.kind === 'connector' ? call.body?.attachments?.findLast((part) => part.contentType === CARD)?.content : undefined;
}

const literally = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export function findChromium() {
  const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
  return places.find((place) => place && fs.existsSync(place));
}

export function freePort() {
  return new Promise((found) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });
}

export class Playground {
  #process = null;
  #browser = null;
  #folder = null;
  #sketch = null;
  #seen = null; // the cards of that moment
  #since = 0; // the number of calls when the person last did something
  /** Messages sent, fields filled and buttons pressed so far. */
  interactions = 0;
  /** What did not fit in the pictures so far. */
  flaws = [];
  pictures = path.join(here, 'out');

  constructor(teams) { this.teams = teams; }

  async open() {
    const port = await freePort();
    this.teams.playgroundUrl = `http://127.0.0.1:${port}`;
    this.#folder = fs.mkdtempSync(path.join(os.tmpdir(), 'playground-'));
    const log = fs.openSync(path.join(this.#folder, 'log'), 'w');
    const cli = path.join(path.dirname(createRequire(import.meta.url).resolve('@microsoft/m365agentsplayground/package.json')), 'cli.js');
    this.#process = spawn(process.execPath, [cli, 'start', '-e', this.teams.endpoint, '-c', 'msteams', '-p', String(port), '--su', this.teams.serviceUrl, '--dt'], {
      cwd: this.#folder,
      stdio: ['ignore', log, log],
      env: { ...process.env, TEAMSAPPTESTER_BROWSER: 'none', M365_AGENTS_PLAYGROUND_CONFIG_PATH: path.join(here, '.m365agentsplayground.yml') },
    });
    await this.#answers();
    this.#browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
    const context = await this.#browser.newContext({ viewport: { width: 1366, height: 1300 }, colorScheme: 'light' });
    await context.route('**/*', (route) => (/^(https?:\/\/(localhost|127\.0\.0\.1)[:/]|data:|blob:)/.test(route.request().url()) ? route.continue() : route.abort()));
    this.page = await context.newPage();
    this.page.setDefaultTimeout(PATIENCE);
    await this.page.goto(this.teams.playgroundUrl);
    this.#sketch = await new Sketch().open(this.#browser);
    await this.page.getByRole('treeitem').first().waitFor();
    await this.page.getByText('Log Panel', { exact: true }).locator('xpath=..').getByRole('button').last().click().catch(() => {});
    await this.teams.until((call) => call.type === 'installationUpdate' && call.status, 'the installation', { ms: 20_000 });
    await this.quiet();
    return this;
  }

  async close() {
    await this.#browser?.close();
    this.#process?.kill('SIGKILL');
    if (this.#folder) fs.rmSync(this.#folder, { recursive: true, force: true });
  }

  async #answers() {
    for (const end = Date.now() + 20_000; ;) {
      if (this.#process.exitCode !== null || Date.now() > end) throw new Error(`the playground did not start: ${fs.readFileSync(path.join(this.#folder, 'log'), 'utf8').slice(-800)}`);
      if (await fetch(`${this.teams.playgroundUrl}/_debug/ping`).then((answer) => answer.ok, () => false)) return;
      await pause(100);
    }
  }

  /** Waits until what the last action caused has come to rest. */
  async quiet(rest = 150) {
    const begun = Date.now();
    while (Date.now() - begun < PATIENCE) {
      const calls = this.teams.calls.slice(this.#since);
      if (calls.length === 0 && Date.now() - begun > UNHEARD) break;
      const busy = calls.some((call) => call.status === undefined);
      const last = Math.max(0, ...calls.map((call) => call.at ?? 0));
      if (calls.length > 0 && !busy && Date.now() - last > rest) break;
      await pause(40);
    }
    await this.page.waitForTimeout(50);
  }

  /** Waits until the card that answers is on the screen. One that says the same is not waited for any longer. */
  async #shown() {
    if (!this.heard.some((call) => cardOf(call))) return;
    const isAnother = (seen) => {
      const cards = [...document.querySelectorAll('.ac-adaptiveCard')];
      return cards.length !== seen.count || cards.at(-1).textContent !== seen.text;
    };
    await this.page.waitForFunction(isAnother, this.#seen, { timeout: UNHEARD, polling: 50 }).catch(() => {});
    await this.newest.evaluate(hideOld);
  }

  #acts() { this.#since = this.teams.calls.length; }

  async #does() {
    this.interactions += 1;
    this.#acts();
    this.#seen = await this.page.evaluate(() => {
      const cards = [...document.querySelectorAll('.ac-adaptiveCard')];
      return { count: cards.length, text: cards.at(-1)?.textContent };
    });
  }

  /** The calls since the person last did something. */
  get heard() { return this.teams.calls.slice(this.#since); }

  /** Messages that the bot sent since then, without typing indicators. */
  get answers() { return this.heard.filter(isMessage).map((call) => call.body); }

  /** Writes a line, sends it and waits for the bot's answer; with `mention` the bot's name comes first. */
  async say(text, { mention = false } = {}) {
    await this.#does();
    const post = this.page.locator('button', { hasText: /^Post$/ });
    const channel = (await post.count()) > 0;
    const boxes = this.page.locator('[contenteditable][role=textbox]');
    const box = channel ? boxes.first() : boxes.last();
    await box.click();
    if (mention) {
      await this.page.keyboard.type('@');
      await this.page.getByRole('menuitem').filter({ hasText: 'Tenantry' }).first().click();
      await this.page.keyboard.type(' ');
    }
    await this.page.keyboard.insertText(text);
    if (channel) await post.click(); else await this.page.keyboard.press('Enter');
    await this.teams.until(isMessage, `an answer to "${text}"`, { since: this.#since });
    await this.quiet();
    await this.#shown();
    return this.heard.find((call) => call.type === 'message').activity;
  }

  get newest() { return this.page.locator('.ac-adaptiveCard').last(); }

  /** What the newest card says, as a person reads it. */
  async read() {
    return (await this.page.locator('.ac-adaptiveCard').count()) > 0 ? asRead(await this.newest.innerText()).replace(/\s*\n\s*/g, '\n').trim() : '';
  }

  /** The JSON of the newest card, from a message or from the answer to a button. */
  get json() {
    return this.teams.calls.map(cardOf).findLast((card) => card !== undefined);
  }

  async buttons() {
    const titles = await this.newest.getByRole('button').allInnerTexts();
    return titles.map((title) => title.trim()).filter(Boolean);
  }

  #button(title) {
    const name = title instanceof RegExp ? title : new RegExp(`^${literally(title)}$`);
    return this.newest.getByRole('button', { name }).first();
  }

  /** Presses a button of the newest card: the first whose title fits. */
  async press(title) {
    await this.#does();
    await this.#button(title).click();
    await this.quiet();
    await this.#shown();
    return this.heard.find((call) => call.name === 'adaptiveCard/action');
  }

  /** Presses a button that only shows more of the card. */
  async unfold(title) {
    await this.#does();
    await this.#button(title).click();
  }

  #field(label, place = 1) {
    const input = this.page.locator('input, textarea, button, [role=combobox], [role=radiogroup], [role=group]');
    return this.newest.getByLabel(new RegExp(`^\\s*${literally(label)}`)).and(input).nth(place - 1);
  }

  /**
   * Puts a text, a date (YYYY-MM-DD), a tick (true) or a choice into the field with this label; of several with the
   * same label into the one in this `place`, from 1.
   */
  async fill(label, value, place = 1) {
    this.interactions += 1;
    const field = this.#field(label, place);
    await field.waitFor();
    const kind = await field.evaluate((e) => ({ role: e.getAttribute('role'), popup: e.getAttribute('aria-haspopup'), tag: e.tagName, type: e.type }));
    if (typeof value === 'boolean') {
      await field.setChecked(value, { force: true });
    } else if (kind.popup === 'dialog') {
      await field.fill(value);
      await field.press('Enter');
      await this.page.keyboard.press('Escape');
    } else if (kind.role === 'combobox') {
      await field.click();
      await this.page.getByRole('option', { name: value, exact: true }).or(this.page.getByRole('menuitemcheckbox', { name: value, exact: true })).first().click();
      await this.page.keyboard.press('Escape'); // a list of several choices stays open
    } else if (kind.tag === 'INPUT' || kind.tag === 'TEXTAREA') {
      await field.fill(value);
      await field.blur();
    } else {
      await this.newest.getByRole('radio', { name: value, exact: true }).first().check({ force: true });
    }
  }

  /** Ticks one entry, or takes its tick away, in a list whose entries all stand in the card. */
  async tick(title) {
    this.interactions += 1;
    await this.newest.locator('label').filter({ hasText: new RegExp(`^\\s*${literally(title)}\\s*$`) }).first().click();
  }

  /** What stands in the field with this label. */
  async typed(label, place = 1) { return this.#field(label, place).inputValue(); }

  /** 'personal', 'group' or 'channel'. */
  async go(where) {
    this.#acts();
    const name = { personal: /Personal Chat/, group: /Group Chat/, channel: /General/ }[where];
    await this.page.getByRole('treeitem', { name }).first().click();
    await this.page.waitForTimeout(600);
    if (this.heard.length > 0) await this.quiet();
  }

  /** One entry of the menu "Mock an Activity". */
  async mock(entry) {
    this.#acts();
    await this.page.getByRole('button', { name: 'Mock an Activity' }).click();
    await this.page.getByRole('menuitem').filter({ hasText: new RegExp(`^\\s*${literally(entry)}`) }).first().click();
    await this.page.getByRole('dialog').getByRole('button', { name: 'Send activity' }).click();
    await this.quiet();
  }

  /** What the person sees now, and the newest card in dark and on a phone. */
  async picture(name) {
    fs.mkdirSync(this.pictures, { recursive: true });
    await this.page.screenshot({ path: path.join(this.pictures, `${name}.light.png`) });
    if (this.json) await this.sketch(name, this.json);
  }

  /** A card that somebody without a window sees. */
  async sketch(name, card) {
    fs.mkdirSync(this.pictures, { recursive: true });
    const flaws = await this.#sketch.draw(card, path.join(this.pictures, name));
    this.flaws.push(...flaws.map((flaw) => `${name}: ${flaw}`));
  }
}
