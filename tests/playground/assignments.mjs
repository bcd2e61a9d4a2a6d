// Assignments: who is who, one line, the form with its ticks, the last P-RM, a conflict, and twelve tenants handed over.
import { check, counted, pressedAgain, takenBack } from './stage.mjs';

export const assignments = [];
const step = (title, run) => assignments.push({ title, run });
const NAME = 'contoso.onmicrosoft.com';
const SHARED = 'fabrikam.onmicrosoft.com'; // Alex and Adele both work on it

step('assignments: who is who, of the tenant and of a service', async ({ pg }) => {
  await pg.say(`who ${NAME}`);
  const list = await pg.read();
  check('both sides are shown', /FTP Alpine Bridge Consulting/.test(list) && /Alex Wilber/.test(list), list);
  check('with how many of 27', /1 of 27/.test(list), list);
  await pg.picture('80-who');
  await pg.say(`who ${NAME} exo`);
  check('one service', /Desmond Achterberg/.test(await pg.read()), await pg.read());
  await pg.picture('81-who-service');
});

step('assignments: one line, asked once, taken back', async ({ pg, teams }) => {
  await pg.say(`assign @isaiah P-FE ${NAME} teams, exo primary`);
  const asked = await pg.read();
  check('it asks first, with each scope', /Assign\?[^]*Isaiah Langer/.test(asked) && /Exchange/.test(asked) && /Teams/.test(asked), asked);
  await pg.picture('82-assign-asked');
  const saved = await pg.press('Assign');
  check('saved', /Assignment saved/.test(await pg.read()), await pg.read());
  await pg.picture('83-assigned');
  await pressedAgain(teams, saved);
  await takenBack(pg);
  await pg.say(`assign adele p-fm ${NAME} tenant primary`);
  check('taking a primary over names the present holder', /Alex Wilber is primary P-FM/.test(await pg.read()), await pg.read());
  await pg.picture('84-takeover');
  await pg.press('Cancel');
  await pg.say(`assign nobody-known p-fe ${NAME} exo`);
  check('only people of the firm', /Nobody/.test(await pg.read()), await pg.read());
  await pg.picture('85-nobody');
});

step('assignments: the form, people by user name where the picker does not help', async ({ pg }) => {
  await pg.say(`who ${NAME}`);
  await pg.press('Assign somebody');
  await pg.picture('86-assign-form');
  await pg.fill('or user name', 'nobody@else.example');
  await pg.fill('Role', 'P-FE');
  await pg.press('Save');
  const refused = await pg.read();
  check('all findings at once', /not on your firm's list/.test(refused) && /at least one/.test(refused), refused);
  check('with what was typed', (await pg.typed('or user name')) === 'nobody@else.example', refused);
  await pg.picture('87-assign-findings');
  await pg.fill('or user name', 'pattif@example.com');
  await pg.press('All scopes');
  check('check all keeps what was typed', (await pg.typed('or user name')) === 'pattif@example.com', await pg.read());
  await pg.picture('88-assign-all');
  await pg.press('Save');
  check('saved', /Assignment saved/.test(await pg.read()), await pg.read());
  await pg.picture('89-assign-saved');
  await takenBack(pg);
});

step('assignments: the last P-RM stays', async ({ pg }) => {
  await pg.say(`unassign Alpine Bridge Consulting ${NAME}`);
  check('refused, with the way on', /last P-RM/.test(await pg.read()) && (await pg.buttons()).length > 0, await pg.read());
  await pg.picture('90-last-prm');
});

step('assignments: two people edit, nothing is lost', async ({ pg, adele }) => {
  await pg.say(`who ${SHARED}`);
  await pg.press('Assign somebody');
  await adele.says(`assign isaiah p-fe ${SHARED} exo`);
  await adele.presses(/^Assign$/);
  await pg.fill('or user name', 'lynner@example.com');
  await pg.fill('Role', 'P-FE');
  await pg.fill('Scopes, at least one', 'Teams');
  await pg.press('Save');
  const conflict = await pg.read();
  check('the conflict names her and what she did', /Adele Vance[^]*Isaiah Langer/.test(conflict), conflict);
  check('it keeps mine', (await pg.typed('or user name')) === 'lynner@example.com', conflict);
  await pg.picture('91-assign-conflict');
  await pg.press(/^Save/);
  check('mine goes on top', /Assignment saved/.test(await pg.read()), await pg.read());
});

step('assignments: twelve tenants handed over, and back with one undo', async ({ pg }) => {
  let asked;
  await counted(pg, 'twelve tenants handed over', { most: 3, portal: 144 }, async () => {
    await pg.say('handover @patti to @pradeep');
    asked = await pg.read();
    await pg.picture('92-handover-asked');
    await pg.press('Hand over');
  });
  check('the preview has all twelve', /Hand over 12 tenants\?/.test(asked), asked);
  check('handed over', /Handed over: 12 tenants/.test(await pg.read()), await pg.read());
  await pg.picture('93-handed-over');
  await takenBack(pg);
});
