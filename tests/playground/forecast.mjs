// Forecast dates: in one line, in the form, all moved at once, fought over; and the engagement start date.
import { ahead, check, counted, pressedAgain, takenBack } from './stage.mjs';

export const forecast = [];
const step = (title, run) => forecast.push({ title, run });
const NAME = 'contoso.onmicrosoft.com';
const SHARED = 'fabrikam.onmicrosoft.com'; // Alex and Adele both work on it

step('forecast: three dates in one line, asked once, taken back', async ({ pg, teams }) => {
  let asked;
  let saved;
  await counted(pg, 'three forecast dates', { most: 2, portal: 11 }, async () => {
    await pg.say(`forecast ${NAME} teams 15% in 2 months, 40% in 4 months, max in 8 months`);
    asked = await pg.read();
    await pg.picture('30-forecast-asked');
    saved = await pg.press('Save');
  });
  check('it asks first, with every date', /15% AU[^]*40% AU[^]*Max AU/.test(asked), asked);
  const receipt = await pg.read();
  check('saved, with old and new', /saved/i.test(receipt) && /15% AU[^]*40% AU[^]*Max AU/.test(receipt), receipt);
  await pg.picture('31-forecast-saved');
  await pressedAgain(teams, saved);
  await pg.say(`forecast ${NAME} teams max ${ahead(300)}`);
  check('a later change shows old and new', /Max AU: .+ →/.test(await pg.read()) && !(await pg.read()).includes('15% AU:'), await pg.read());
  await pg.picture('32-forecast-old-new');
  await pg.press('Save');
  await takenBack(pg);
  await pg.say(`forecast ${NAME} teams 40% will not be reached`);
  check('the words of the card are understood', /40% AU: .+ → will not be reached/.test(await pg.read()), await pg.read());
  await pg.press('Cancel');
  await pg.say(`history ${NAME} forecast`);
  const history = await pg.read();
  check('the history has every change', /Max AU/.test(history) && /15% AU/.test(history) && /took a change back/.test(history), history);
  await pg.picture('33-forecast-history');
});

step('forecast: what is unclear is asked, and nothing that was typed is lost', async ({ pg }) => {
  await pg.say(`forecast ${NAME} spo max june 2098`);
  const which = await pg.read();
  check('a month may mean its first or its last day: asked', /1 Jun 2098/.test(which) && /30 Jun 2098/.test(which), which);
  await pg.picture('34-forecast-which-day');
  await pg.press(/30 Jun 2098/);
  check('and answered with one press', /30 Jun 2098/.test(await pg.read()) && (await pg.buttons()).includes('Save'), await pg.read());
  await pg.say(`forecast ${NAME} spo 15% ${ahead(90)}, 40% ${ahead(30)}, max soon`);
  const form = await pg.read();
  check('a line that breaks a rule comes back as the form', /✕/.test(form) && /must/.test(form), form);
  check('with what was typed', (await pg.typed('15% AU')) !== '' && (await pg.typed('Max AU')) === 'soon', [await pg.typed('15% AU'), await pg.typed('Max AU')]);
  await pg.picture('35-forecast-line-findings');
});

step('forecast: the form from the card, refused with what was typed, then saved', async ({ pg }) => {
  await pg.say(`tenant ${NAME} spo`);
  await pg.press('Forecast dates');
  check('it shows today and the usage', /Today is/.test(await pg.read()) && /2,739 of 4,200/.test(await pg.read()), await pg.read());
  await pg.picture('36-forecast-form');
  await pg.fill('40% AU', ahead(60));
  await pg.fill('Max AU', ahead(30));
  await pg.press('Save');
  const refused = await pg.read();
  check('dates out of order come back, both said', /✕[^]*Max AU must/.test(refused), refused);
  check('with what was typed', (await pg.typed('Max AU')) !== '', await pg.typed('Max AU'));
  await pg.picture('37-forecast-findings');
  await pg.fill('Max AU', ahead(120));
  await pg.fill('15% AU: opt-out', true);
  await pg.press('Save');
  const receipt = await pg.read();
  check('saved', /saved/i.test(receipt), receipt);
  check('usage that is there already is worth a hint', /usage is there/.test(receipt), receipt);
  await pg.picture('38-forecast-form-saved');
});

step('forecast: all dates that lie ahead move at once, and come back with one undo', async ({ pg }) => {
  await pg.say(`forecast ${NAME} exo, od 15% in 2 months, max in 9 months`);
  await pg.press('Save');
  check('two services in one line', /Exchange[^]*OneDrive/.test(await pg.read()), await pg.read());
  await pg.say(`move ${NAME} +30d`);
  const asked = await pg.read();
  check('the preview has old and new of each', /Move \d+ dates/.test(asked) && asked.split('→').length > 5, asked);
  await pg.picture('39-move-asked');
  await pg.press('Move');
  check('moved', /moved/.test(await pg.read()), await pg.read());
  await takenBack(pg);
});

step('forecast: two people edit, nothing is lost', async ({ pg, adele }) => {
  await pg.say(`forecast ${SHARED} teams`);
  await adele.says(`forecast ${SHARED} teams max ${ahead(200)}`);
  await adele.presses(/^Save$/);
  await pg.fill('Max AU', ahead(100));
  await pg.press('Save');
  const conflict = await pg.read();
  check('the conflict names her and what she did', /Adele Vance[^]*Max AU/.test(conflict), conflict);
  check('it keeps mine', (await pg.typed('Max AU')) !== '', await pg.typed('Max AU'));
  await pg.picture('40-forecast-conflict');
  await pg.press('Save mine on top');
  check('mine goes on top, with hers as the old', /saved/i.test(await pg.read()) && /→/.test(await pg.read()), await pg.read());
});

step('start date: the reason on the same card, kept as a note', async ({ pg }) => {
  await pg.say(`tenant ${NAME} spo`);
  await pg.press('Start date');
  await pg.picture('41-start-form');
  await pg.fill('Engagement start date', ahead(20));
  await pg.fill('Reason for the change', ' ');
  await pg.press('Save');
  check('a change without a reason comes back', /✕/.test(await pg.read()), await pg.read());
  await pg.picture('42-start-findings');
  await pg.fill('Reason for the change', 'The customer rescheduled the talk.');
  await pg.press('Save');
  check('saved, with old and new', /saved/i.test(await pg.read()) && /→/.test(await pg.read()), await pg.read());
  await pg.picture('43-start-saved');
  await pg.say(`history ${NAME}`);
  check('the reason is a note', /The customer rescheduled the talk\./.test(await pg.read()), await pg.read());
  await pg.say('undo');
  await pg.say(`start ${NAME} spo ${ahead(25)}: moved once more`);
  check('one line asks first', (await pg.buttons()).includes('Save') && /→/.test(await pg.read()), await pg.read());
  await pg.picture('44-start-asked');
  await pg.press('Save');
  await takenBack(pg);
});
