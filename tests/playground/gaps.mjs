// What is red: seen, mended, told to a channel and to oneself.
import { words } from './person.mjs';
import { check, counted } from './stage.mjs';

export const gaps = [];
const step = (title, run) => gaps.push({ title, run });
const NOTE = 'Kick-off held with the customer, pilots run, next is the mail cut-over';

/** Two minutes from now by the clock of this machine, which the playground tells as that of the person. */
function soon() {
  const at = new Date(Date.now() + 60_000);
  const two = (number) => String(number).padStart(2, '0');
  return { days: at.toLocaleDateString('en', { weekday: 'short' }).toLowerCase(), time: `${two(at.getHours())}:${two(at.getMinutes())}` };
}

const isDigest = (call) => call.kind === 'connector' && call.method === 'POST' && JSON.stringify(call.body ?? '').includes('"What is red"');

/** What the newest card says, also where it stands somewhere in a thread. */
const told = (pg) => words(pg.json);

/** Orders the digest for the next minute and waits for it. */
async function digest(pg, say) {
  const since = pg.teams.calls.length;
  const { days, time } = soon();
  await say(`subscribe ${days} at ${time}`);
  check('it says when', new RegExp(`at ${time}`).test(told(pg)), told(pg));
  await pg.teams.until(isDigest, 'the digest', { since, ms: 100_000 });
  await pg.page.waitForTimeout(500);
}

step('gaps: from what is red to the receipt in two interactions', async ({ pg }) => {
  await counted(pg, 'a gap seen and mended', { most: 2, portal: 9 }, async () => {
    await pg.say('gaps rule:note');
    check('each says since when and has its form one press away', /long overdue since/.test(await pg.read()) && (await pg.buttons()).some((title) => /^1\. Write note/.test(title)), await pg.read());
    await pg.picture('130-gaps');
    await pg.say(`note northwindecars.onmicrosoft.com: ${NOTE}`);
  });
  check('the receipt', /saved/i.test(await pg.read()), await pg.read());
  await pg.say('gaps rule:note');
  check('it is no gap any more', !/Northwind Electric Cars/.test(await pg.read()), await pg.read());
  await pg.say('undo');
});

step('gaps: one press opens the form that mends it', async ({ pg }) => {
  await pg.say('gaps rule:note');
  await pg.press(/^1\. Write note/);
  await pg.picture('131-gaps-form');
  check('the note form', (await pg.typed('Note')) === '', await pg.read());
  await pg.say('why margie');
  check('why says the rule and the line that mends it', /rule E4/.test(await pg.read()) && /note margiestravel/.test(await pg.read()), await pg.read());
  await pg.picture('132-why');
  await pg.say('next 14d');
  await pg.picture('133-next');
  await pg.say('today');
  check('today has the figures of each element', /Overall status/.test(await pg.read()) && /Survey contact/.test(await pg.read()), await pg.read());
  await pg.picture('134-today');
  await pg.say('stats');
  await pg.picture('135-stats');
});

step('gaps: a digest in one\'s own chat', async ({ pg }) => {
  await digest(pg, (line) => pg.say(line));
  check('it names tenants and figures, and how to have less of it', /What is red/.test(told(pg)) && /snooze/.test(told(pg)), told(pg));
  await pg.picture('136-digest-personal');
  await pg.say('snooze contoso.onmicrosoft.com until in 3 days');
  check('a tenant rests', /It rests until/.test(await pg.read()), await pg.read());
  await pg.picture('137-snoozed');
  await pg.say('quiet 22:00-05:00');
  check('quiet hours', /Quiet from 22:00 to 05:00/.test(await pg.read()) || /would come while it is quiet/.test(await pg.read()), await pg.read());
  await pg.say('subscriptions');
  check('all of it is listed', /Here: /.test(await pg.read()) && /rests until/.test(await pg.read()), await pg.read());
  await pg.picture('138-subscriptions');
  await pg.press('Stop this digest');
  check('stopped', /The digest is stopped/.test(await pg.read()), await pg.read());
});

step('gaps: one digest in a channel, kept true in place', async ({ pg, teams }) => {
  const before = teams.calls.filter(isDigest).length;
  await pg.go('channel');
  await digest(pg, (line) => pg.say(line, { mention: true }));
  check('of the firm, with figures and no contact', /the firm's tenants/.test(told(pg)) && !/@/.test(told(pg)), told(pg));
  await pg.picture('139-digest-channel');
  await pg.say('unsubscribe', { mention: true });
  check('stopped', /The digest is stopped/.test(told(pg)), told(pg));
  await pg.go('personal');
  check('one message, and no other', teams.calls.filter(isDigest).length === before + 1, teams.calls.filter(isDigest).length);
});
