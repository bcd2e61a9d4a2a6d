// A service of a tenant: its card, the engagement scenario, and the history of changes.
import { check } from './stage.mjs';

export const services = [];
const step = (title, run) => services.push({ title, run });
const NAME = 'contoso.onmicrosoft.com';

step('service: from the tenant card and by name, with what is missing', async ({ pg }) => {
  await pg.say(`tenant ${NAME}`);
  const opened = await pg.press('Open Exchange');
  check('a service of the tenant card opens', opened?.body?.statusCode === 200 && /4,116/.test(await pg.read()), await pg.read());
  const card = await pg.read();
  for (const part of ['Engagement scenario', 'Forecast', 'Data migration', 'CPOR', 'Primary']) {
    check(`it shows: ${part}`, card.includes(part), card);
  }
  check('it says what is missing', /still missing/i.test(card), card);
  check('each form is one press away', ['Forecast dates', 'Data migration', 'Start date'].every((title) => card.includes(title)), await pg.buttons());
  await pg.picture('20-service');
  await pg.say(`tenant ${NAME} exo, teams`);
  check('several at once', /Exchange[^]*Teams/.test(await pg.read()), await pg.read());
  await pg.say(`tenant ${NAME} yammer`);
  check('without entitlements it cannot be opened', /no entitlements/i.test(await pg.read()) && !/Engagement scenario/.test(await pg.read()), await pg.read());
  await pg.say(`service ${NAME}`);
  check('which service is asked', /which service/i.test(await pg.read()), await pg.read());
  await pg.picture('21-which-service');
});

step('scenario: the admin sets it, with old and new, and takes it back', async ({ pg, megan }) => {
  await pg.say('scenario northwindtraders.onmicrosoft.com exo');
  check('others are told who may', /admin/i.test(await pg.read()), await pg.read());
  await megan.says('scenario northwindtraders.onmicrosoft.com exo');
  await pg.sketch('22-scenario', megan.card);
  const refused = await megan.presses(/^Save$/, { 'Engagement scenario': 'FTC-CSS Led' });
  check('what goes by ticket is refused', /ticket/i.test(refused), refused);
  await pg.sketch('23-scenario-findings', megan.card);
  const saved = await megan.presses(/^Save$/, { 'Engagement scenario': 'FTC-FTP Led' });
  check('old and new', /Customer-Led w\/ FTP Assist[^]*FTC-FTP Led/.test(saved), saved);
  await pg.sketch('24-scenario-saved', megan.card);
  const undone = await megan.presses(/^Undo$/);
  check('taken back', /taken back|undone/i.test(undone), undone);
  await pg.sketch('25-scenario-undone', megan.card);
  await pg.say('history northwindtraders.onmicrosoft.com changes');
  const history = await pg.read();
  check('the history has both, with who', /Megan Bowen[^]*Megan Bowen/.test(history) && history.includes('FTC-FTP Led'), history);
  await pg.picture('26-changes');
});
