// What every journey stands on: checks, steps, the count of what a person does, and the curtain.
import fs from 'node:fs';
import { findChromium, Playground } from './playground.mjs';
import { Person } from './person.mjs';
import { Product } from './product.mjs';
import { Teams } from './teams.mjs';

export const DIRECTORY = '7e2a1c5e-0000-4000-8000-000000000001';
export const CHAT = 'a:1-personal-chat';
const APP = '7e2a1c5e-0000-4000-8000-0000000000b0';
/** Those who act without a window, by their first names. Alex is the one at the window, too; Bob is on no list. */
const OTHERS = {
  alex: { id: '29:1-alex-too', name: 'Alex Wilber', aadObjectId: '7e2a1c5e-0000-4000-8000-000000000010' },
  megan: { id: '29:1-megan', name: 'Megan Bowen', aadObjectId: '7e2a1c5e-0000-4000-8000-000000000011' },
  adele: { id: '29:1-adele', name: 'Adele Vance', aadObjectId: '7e2a1c5e-0000-4000-8000-000000000012' },
  bob: { id: '29:1-bob', name: 'Bob Nobody', aadObjectId: '7e2a1c5e-0000-4000-8000-0000000000ff' },
};

let passed = 0;
let failed = 0;
const counts = [];

export function check(what, holds, got) {
  if (holds) passed += 1; else failed += 1;
  console.log(`${holds ? '  ok  ' : '  FAIL'} ${what}${holds || got === undefined ? '' : `\n         got: ${JSON.stringify(got).slice(0, 900)}`}`);
}

/** How often `part` stands in `text`. */
export const times = (text, part) => text.split(part).length - 1;

/**
 * Walks a way and counts what the person does on it: a message sent, a field filled, chosen or ticked, and a
 * button pressed are one interaction each. `portal` is what the same takes in the portal.
 */
export async function counted(pg, what, { most, portal }, way) {
  const before = pg.interactions;
  await way();
  const used = pg.interactions - before;
  counts.push({ what, used, most, portal });
  check(`${what}: ${used} interactions, ${most} at most`, used > 0 && used <= most, used);
}

/** The day that lies so many days ahead, as YYYY-MM-DD. */
export const ahead = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Delivers a press once more, as an impatient finger does: it does nothing, and says the same. */
export async function pressedAgain(teams, press) {
  const again = await teams.deliver({ ...press.activity, id: `again-${Date.now()}` });
  check('pressed twice it counts once', JSON.stringify(again.body) === JSON.stringify(press.body), again.body);
}

/** Presses Undo on the receipt. */
export async function takenBack(pg) {
  await pg.press('Undo');
  check('Undo takes it back', /taken back|undone/i.test(await pg.read()), await pg.read());
}

function reportCounts() {
  if (counts.length === 0) return;
  const wide = Math.max(...counts.map(({ what }) => what.length));
  console.log(`\n${'interactions'.padEnd(wide)}  here  allowed  portal`);
  for (const { what, used, most, portal } of counts) {
    console.log(`${what.padEnd(wide)}  ${String(used).padStart(4)}  ${String(most).padStart(7)}  ${String(portal).padStart(6)}`);
  }
  console.log();
}

async function walk(steps, stage) {
  for (const { title, run } of steps) {
    const begun = Date.now();
    console.log(title);
    try {
      await run(stage);
    } catch (error) {
      check(`walked through: ${error.message.split('\n')[0]}`, false, error.stack?.split('\n').find((line) => /playground\/(?!playground)\w+\.mjs/.test(line)));
      await stage.pg.picture(`failed-${passed + failed}`).catch(() => {});
      await stage.pg.go('personal').catch(() => {});
    }
    if (process.env.TIMES) console.log(`       ${Date.now() - begun} ms`);
  }
}

/** Walks all steps, or those in whose titles one of the `parts` stands, with one program and one window. */
export async function play(steps, parts) {
  if (!findChromium()) {
    console.log('no Chromium: install it, or name it in the variable CHROMIUM');
    return 2;
  }
  const chosen = parts.length === 0 ? steps : steps.filter(({ title }) => parts.some((part) => title.includes(part)));
  const teams = await new Teams({ appId: APP, secret: 'only-for-the-walk' }).open();
  const product = new Product(teams, { directory: DIRECTORY });
  const pg = new Playground(teams);
  if (parts.length === 0) fs.rmSync(pg.pictures, { recursive: true, force: true });
  try {
    await product.start();
    await pg.open();
    const others = Object.entries(OTHERS).map(([name, person]) => [name, new Person(teams, person, CHAT)]);
    await walk(chosen, { pg, teams, product, ...Object.fromEntries(others) });
    await behindTheScenes({ teams, product, pg });
  } catch (error) {
    check(error.stack ?? String(error), false);
  } finally {
    await pg.close();
    product.clean();
    await teams.close();
  }
  reportCounts();
  const within = counts.filter(({ used, most }) => used <= most).length;
  const journeys = counts.length > 0 ? `, ${within} of ${counts.length} journeys within their count` : '';
  console.log(`${passed} passed, ${failed} failed${journeys}`);
  return failed > 0 ? 1 : 0;
}

async function behindTheScenes({ teams, product, pg }) {
  console.log('behind the scenes');
  const connector = teams.calls.filter((call) => call.kind === 'connector');
  check('each call to Teams carried our token', connector.every((call) => call.known), connector.filter((call) => !call.known).length);
  check('Teams took each of them', connector.every((call) => call.status < 300), connector.filter((call) => call.status >= 300));
  check('nothing was answered with a failure', teams.calls.every((call) => call.to !== 'bot' || call.status < 500), teams.calls.filter((call) => call.status >= 500));
  check('each card of a picture fits a phone', pg.flaws.length === 0, pg.flaws);
  const typed = /Kick-off|was here|Walked through|@contoso|@fabrikam/;
  check('nothing that was typed is in the log', !product.logged().some((line) => typed.test(line)), product.logged().filter((line) => typed.test(line)));
  const end = await product.stop();
  check('SIGTERM ends it within 25 s', end.code === 0 && end.took < 25_000, end);
}
