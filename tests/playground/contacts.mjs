// Contacts and surveys: the list, one line, the form, deletion, a conflict; typed search; and what a channel hears.
import { CHAT, check, counted, pressedAgain, takenBack } from './stage.mjs';

export const contacts = [];
const step = (title, run) => contacts.push({ title, run });
const NAME = 'contoso.onmicrosoft.com';
const SHARED = 'fabrikam.onmicrosoft.com'; // Alex and Adele both work on it

step('contacts: who is there, and who would get which survey', async ({ pg }) => {
  await pg.say(`contacts ${NAME}`);
  const list = await pg.read();
  check('the list has everybody', ['Petra Lindgren', 'Jonas Wehrle', 'Zita Palkovic'].every((name) => list.includes(name)), list);
  check('each survey group, with who and why', ['O365', 'Migration', 'Intune', 'AADP'].every((group) => list.includes(group)), list);
  check('what keeps somebody from a survey is said', /lacks/.test(list), list);
  await pg.picture('60-contacts');
  await pg.say(`survey ${NAME}`);
  check('the surveys by themselves', /O365[^]*Petra Lindgren/.test(await pg.read()), await pg.read());
  await pg.picture('61-survey');
});

step('contact: one line, asked once, taken back', async ({ pg, teams }) => {
  let asked;
  let saved;
  await counted(pg, 'contact in one line', { most: 2, portal: 17 }, async () => {
    await pg.say(`contact ${NAME}: Eva Novák eva@contoso.example ES spanish exo, migration`);
    asked = await pg.read();
    await pg.picture('62-contact-asked');
    saved = await pg.press('Save');
  });
  check('it asks first, with what was understood', /Eva Novák[^]*Spanish/.test(asked) && /Spain/.test(asked), asked);
  check('saved', /Contact added/.test(await pg.read()), await pg.read());
  await pg.picture('63-contact-saved');
  await pressedAgain(teams, saved);
  await takenBack(pg);
  await pg.say(`contact ${NAME}: Eva Novák eva@contoso.example`);
  const form = await pg.read();
  check('a line that lacks something asks only for that', /is missing/.test(form) && (await pg.typed('Name')) === 'Eva Novák', form);
  await pg.picture('64-contact-line-lacks');
});

step('contact: the form, with what is clear filled in', async ({ pg }) => {
  await counted(pg, 'contact in the form', { most: 6, portal: 17 }, async () => {
    await pg.say(`contacts ${NAME}`);
    await pg.press('Add survey contact');
    await pg.fill('Name', 'Jan Kos');
    await pg.fill('E-mail', 'jan@contoso.example');
    await pg.tick('Exchange');
    await pg.picture('65-contact-form');
    await pg.press('Save');
  });
  check('saved', /Contact added/.test(await pg.read()), await pg.read());
  await pg.picture('66-contact-form-saved');
});

step('contact: bad input comes back with what was typed, a known address is the contact that is there', async ({ pg }) => {
  await pg.say(`contacts ${NAME}`);
  await pg.press('Add survey contact');
  await pg.fill('Name', 'Jan Kos the second');
  await pg.fill('E-mail', 'jan@contoso.example, eva@contoso.example');
  await pg.tick('Teams');
  await pg.unfold('More fields');
  await pg.fill('Phone', '12');
  await pg.press('Save');
  const refused = await pg.read();
  check('all findings at once', (refused.match(/✕/g) ?? []).length >= 3, refused);
  check('with what was typed', (await pg.typed('Name')) === 'Jan Kos the second' && (await pg.typed('Phone')) === '12', refused);
  await pg.picture('67-contact-findings');
  await pg.fill('E-mail', 'JAN@contoso.example');
  await pg.fill('Phone', '+49 30 23125 200');
  await pg.press('Save');
  check('a known address offers to edit who has it', /already[^]*Jan Kos/.test(await pg.read()), await pg.read());
  await pg.picture('68-contact-known');
  await pg.press('Save');
  const receipt = await pg.read();
  check('saved, with old and new', /Contact saved/.test(receipt) && /Jan Kos → Jan Kos the second/.test(receipt), receipt);
  await pg.picture('69-contact-changed');
});

step('contact: a deletion is asked first and says what it means', async ({ pg, teams }) => {
  await pg.say(`contacts ${NAME}`);
  await pg.press(/Jan Kos/);
  await pg.picture('70-contact-edit');
  await pg.press('Delete');
  check('it is asked', (await pg.buttons()).includes('Delete') && /Jan Kos/.test(await pg.read()), await pg.read());
  await pg.picture('71-contact-delete-asked');
  const gone = await pg.press('Delete');
  check('deleted', /Contact deleted/.test(await pg.read()), await pg.read());
  await pressedAgain(teams, gone);
  await pg.picture('72-contact-deleted');
  await takenBack(pg);
});

step('contact: two people edit, nothing is lost', async ({ pg, adele }) => {
  await pg.say(`contacts ${SHARED}`);
  await pg.press(/Marcus Ellery/);
  await adele.says(`contact ${SHARED}: m.ellery@fabrikam.example french`);
  await adele.presses(/^Save$/);
  await pg.fill('Survey language', 'German');
  await pg.press('Save');
  const conflict = await pg.read();
  check('the conflict names her and what she did', /Adele Vance[^]*French/.test(conflict), conflict);
  await pg.picture('73-contact-conflict');
  await pg.press(/^Save/);
  check('mine goes on top', /French → German/.test(await pg.read()), await pg.read());
});

step('contact: typed search in long lists', async ({ teams }) => {
  const search = async (dataset, queryText) => {
    const value = { kind: 'search', queryText, queryOptions: { skip: 0, top: 15 }, dataset };
    const { body } = await teams.deliver(teams.activity(CHAT, { type: 'invoke', name: 'application/search', value }));
    return body?.value?.results?.map(({ title }) => title) ?? body;
  };
  const countries = await search('countries', 'cote');
  check('a country is found without its accents', JSON.stringify(countries) === '["Côte d\'Ivoire"]', countries);
  const zones = await search('zones', 'madr');
  check('a time zone by its city', JSON.stringify(zones) === '["Europe/Madrid"]', zones);
  const none = await search('contacts', 'a');
  check('what is no list finds nothing', JSON.stringify(none) === '[]', none);
});

step('contact: a channel hears no contact details', async ({ pg }) => {
  await pg.go('channel');
  for (const line of [`contacts ${NAME}`, `contact ${NAME}: Eva Novák eva@contoso.example ES spanish exo`, `survey ${NAME}`, `history ${NAME} contacts`]) {
    await pg.say(line, { mention: true });
    const said = JSON.stringify(pg.answers.map(({ text, attachments }) => [text, attachments]));
    check(`${line.split(' ')[0]}: neither name nor address`, !/Lindgren|Jan Kos|Novák|@contoso/.test(said), said);
    if (line.startsWith('survey')) await pg.picture('74-survey-channel');
    if (line.startsWith('contacts')) await pg.picture('75-contacts-channel');
  }
  await pg.go('personal');
});
