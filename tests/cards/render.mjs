// Draws every golden card of tests/it/snapshots with the official renderer in Chromium: in a light and a
// dark theme, as wide as a Teams chat and as narrow as a phone. Fails on whatever the renderer holds
// against a card, on a card that comes out empty, and on one that is wider than its frame.
//
//   npm ci && npm test
//   npm run pictures                 also writes pictures/<card>.<theme>.<width>.png
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { themes } from './themes.mjs';

const WIDTHS = [480, 320];
const snapshots = new URL('../it/snapshots/', import.meta.url);
const file = (name) => createRequire(import.meta.url).resolve(name);
const at = process.argv.indexOf('--pictures');
const pictures = at < 0 ? null : process.argv[at + 1];

/** The cards, by name; an insta snapshot is JSON below a header between two `---` lines. */
function goldenCards() {
  const cards = new Map();
  for (const name of readdirSync(snapshots)) {
    const text = readFileSync(new URL(name, snapshots), 'utf8');
    const body = text.slice(text.indexOf('\n---\n') + 5);
    if (body.startsWith('{') && body.includes('"AdaptiveCard"')) cards.set(name.replace(/\.snap$/, ''), JSON.parse(body));
  }
  return cards;
}

/** Runs in the page: what the renderer says of the card, and how it came out. */
function draw({ card, host, css, width }) {
  const AC = window.AdaptiveCards;
  const problems = [];
  document.querySelector('#theme').textContent = css;
  const context = new AC.SerializationContext();
  const adaptive = new AC.AdaptiveCard();
  adaptive.hostConfig = new AC.HostConfig(host);
  adaptive.parse(card, context);
  for (let i = 0; i < context.eventCount; i++) problems.push(`parse: ${context.getEventAt(i).message}`);
  // A set that Teams fills while somebody types may begin empty; this renderer does not know that.
  const asked = (set) => set?.['choices.data'] || !Array.isArray(set?.choices) || set.choices.length > 0;
  const every = (node) => typeof node !== 'object' || !node || (asked(node) && Object.values(node).every(every));
  for (const { message } of adaptive.validateProperties().validationEvents) {
    if (!(message.includes('at least one choice') && every(card))) problems.push(`validate: ${message}`);
  }
  const drawn = adaptive.render();
  const frame = document.querySelector('#frame');
  frame.style.width = `${width}px`;
  frame.replaceChildren(...(drawn ? [drawn] : []));
  if (!drawn || !frame.innerText.trim()) problems.push('render: nothing to see');
  if (frame.scrollWidth > width) problems.push(`render: ${frame.scrollWidth} px wide in a frame of ${width} px`);
  // The renderer would turn these into dates of its own; whoever typed them wants to see them.
  if (/Wed|1\/1\/2020/.test(frame.innerText)) problems.push('render: a date function was carried out');
  return problems;
}

const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  .find((path) => path && existsSync(path));
if (!executablePath) throw new Error('no Chromium: install one, or name it in CHROMIUM');
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 600, height: 800 }, deviceScaleFactor: 2 });
await page.route('**/*', (route) => route.abort()); // a card fetches nothing (O2)
await page.setContent('<!doctype html><meta charset="utf-8"><div id="frame"></div>');
await page.addScriptTag({ path: file('adaptivecards/dist/adaptivecards.min.js') });
await page.addStyleTag({ path: file('adaptivecards/dist/adaptivecards.css') });
await page.evaluate(() => {
  // Last, so that the theme has the last word.
  document.head.append(Object.assign(document.createElement('style'), { id: 'theme' }));
  // Text blocks hold our own words, which have no markdown in them: shown as they are.
  window.AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    const block = document.createElement('span');
    block.textContent = text;
    result.outputHtml = block.innerHTML;
    result.didProcess = true;
  };
});

const cards = goldenCards();
let failed = 0;
if (pictures) mkdirSync(pictures, { recursive: true });
for (const [name, card] of cards) {
  for (const [theme, { host, css }] of Object.entries(themes)) {
    for (const width of WIDTHS) {
      const problems = await page.evaluate(draw, { card, host, css, width });
      for (const problem of problems) console.error(`${name} (${theme}, ${width} px): ${problem}`);
      if (problems.length) failed += 1;
      if (pictures) await page.locator('#frame').screenshot({ path: join(pictures, `${name}.${theme}.${width}.png`) });
    }
  }
}
await browser.close();
console.log(`${cards.size} cards, each in ${Object.keys(themes).length} themes and ${WIDTHS.length} widths: ${failed} faults`);
process.exit(failed || cards.size < 40 ? 1 : 0);
