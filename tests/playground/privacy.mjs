// A person's own data: asked for, given out, erased, each in two steps and in the personal chat only.
import { check, pressedAgain } from './stage.mjs';

export const privacy = [];
const step = (title, run) => privacy.push({ title, run });
const NAME = 'contoso.onmicrosoft.com';
const WHO = 'Ulf Hagedorn';
const outcome = (teams, since) => teams.until((call) => call.method === 'POST' && call.body?.type === 'message' && call.status, 'the outcome', { since, ms: 30_000 });

step('privacy: two steps to an export', async ({ pg, teams, adele }) => {
  const refused = await adele.says(`privacy export ${WHO}`);
  check('for admins and team leads only', /admin or team lead/.test(refused), refused);
  await pg.say(`privacy export ${WHO}`);
  check('it asks first, with what it would be', /for you alone/.test(await pg.read()), await pg.read());
  await pg.picture('95-privacy-export-asked');
  const since = teams.calls.length;
  const pressed = await pg.press('Make the export');
  check('it says what happens now', /being made/.test(JSON.stringify(pressed.body)), pressed.body);
  await outcome(teams, since);
  await pg.quiet();
  await pg.picture('96-privacy-export');
  const sent = JSON.stringify(teams.calls.slice(since).filter((call) => call.kind === 'connector').map((call) => call.body));
  check('the outcome comes into the chat', /file|export/i.test(sent), sent);
});

step('privacy: two steps to an erasure, and nothing is left', async ({ pg, teams }) => {
  await pg.say(`privacy erase ${WHO}`);
  check('it asks first and says that it is final', /cannot be undone/.test(await pg.read()), await pg.read());
  await pg.picture('97-privacy-erase-asked');
  const since = teams.calls.length;
  const pressed = await pg.press(/^Erase/);
  check('it says what happens now', /being erased/.test(JSON.stringify(pressed.body)), pressed.body);
  await outcome(teams, since);
  await pg.quiet(1500);
  await pg.picture('98-privacy-erased');
  await pressedAgain(teams, pressed);
  await pg.say(`contacts ${NAME}`);
  check('the person is no contact any more', !(await pg.read()).includes('Hagedorn'), await pg.read());
  await pg.say('privacy');
  await pg.picture('99-privacy');
});

step('privacy: not where others read along', async ({ pg }) => {
  await pg.go('channel');
  await pg.say('privacy export petra', { mention: true });
  const said = JSON.stringify(pg.answers.map(({ text, attachments }) => [text, attachments]));
  check('refused without a name', /others read along/.test(said) && !/Lindgren/.test(said), said);
  await pg.go('personal');
});
