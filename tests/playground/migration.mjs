// Data migration of a service: the lines in the form and in one line, the sum, and a customer who declines.
import { ahead, check, counted, pressedAgain, takenBack } from './stage.mjs';

export const migration = [];
const step = (title, run) => migration.push({ title, run });
const NAME = 'contoso.onmicrosoft.com'; // 3,161 of Exchange are In Progress
const SHARED = 'fabrikam.onmicrosoft.com'; // Alex and Adele both work on it; 3,100 of Exchange are In Progress

step('migration: two types in the form, refused with what was typed, then saved', async ({ pg, teams }) => {
  let saved;
  await counted(pg, 'migration with two types', { most: 12, portal: 22 }, async () => {
    await pg.say(`migration ${NAME} exo`);
    await pg.picture('50-migration-question');
    await pg.press('Microsoft performs it');
    await pg.fill('First day', ahead(30));
    await pg.fill('Last day', ahead(120));
    await pg.fill('Type', 'Mig-ExHybrid', 1);
    await pg.fill('Entitlements', '3000', 1);
    await pg.fill('Type', 'Mig-IMAP', 2);
    await pg.fill('Entitlements', '161', 2);
    await pg.picture('51-migration-form');
    saved = await pg.press('Save');
  });
  const receipt = await pg.read();
  check('saved, with every line', /saved/i.test(receipt) && /Mig-ExHybrid[^]*3,000/.test(receipt) && /Mig-IMAP[^]*161/.test(receipt), receipt);
  await pg.picture('52-migration-saved');
  await pressedAgain(teams, saved);
  await takenBack(pg);
});

step('migration: a sum that is off comes back, and the rest goes where it belongs at a press', async ({ pg }) => {
  await pg.say(`tenant ${NAME} exo`);
  await pg.press('Data migration');
  await pg.press('Microsoft performs it');
  await pg.fill('First day', ahead(120));
  await pg.fill('Last day', ahead(30));
  await pg.fill('Type', 'Mig-ExHybrid', 1);
  await pg.fill('Entitlements', '3000', 1);
  await pg.press('Save');
  const refused = await pg.read();
  check('the sum and the dates are named', /3,000 of 3,161/.test(refused) && /before the start/.test(refused), refused);
  check('with what was typed', (await pg.typed('Entitlements')) === '3000', await pg.typed('Entitlements'));
  await pg.picture('53-migration-findings');
  await pg.fill('Last day', ahead(150));
  await pg.press('Put the rest on No Migration');
  check('the rest is filled in', (await pg.typed('Entitlements', 2)) === '161', await pg.read());
  await pg.unfold('Date, size and notes of line 1');
  await pg.fill('Size in GB', '1200');
  await pg.fill('Notes', 'Pilot first.');
  await pg.picture('54-migration-unfolded');
  await pg.press('Save');
  check('saved', /saved/i.test(await pg.read()) && /Pilot first\./.test(await pg.read()), await pg.read());
});

step('migration: one line asks with old and new; a customer declines', async ({ pg }) => {
  await pg.say(`migration ${NAME} od: pigeon post`);
  check('a line that is not understood comes back as the form', /Not understood: pigeon post/.test(await pg.read()), await pg.read());
  await pg.picture('55-migration-line-findings');
  await pg.say(`migration ${NAME} exo: until ${ahead(200)}`);
  check('only what was said changes', /→/.test(await pg.read()) && !/Mig-ExHybrid/.test(await pg.read()), await pg.read());
  await pg.press('Save');
  await pg.say(`migration ${NAME} exo declined: self-migrate, they have their own tool`);
  const asked = await pg.read();
  check('it asks, and shows what would go', /self-migrate/i.test(asked) && /Mig-ExHybrid/.test(asked), asked);
  await pg.picture('56-migration-declined-asked');
  await pg.press('Save');
  await takenBack(pg);
  await pg.say(`migration ${NAME} spo`);
  await pg.press('Customer declines');
  await pg.fill('Reason', 'Customer will self-migrate');
  await pg.fill('Note on the reason', ' ');
  await pg.press('Save');
  check('a rejection without a note comes back', /✕/.test(await pg.read()), await pg.read());
  await pg.picture('57-migration-declines-form');
  await pg.say(`migration ${NAME} teams`);
  check('a service without a migration says so', /not migrated/.test(await pg.read()), await pg.read());
});

step('migration: two people edit, nothing is lost', async ({ pg, adele }) => {
  await pg.say(`migration ${SHARED} exo`);
  await pg.press('Microsoft performs it');
  await adele.says(`migration ${SHARED} exo: hybrid 3100, from ${ahead(20)} to ${ahead(80)}`);
  await adele.presses(/^Save$/);
  await pg.fill('First day', ahead(30));
  await pg.fill('Last day', ahead(120));
  await pg.fill('Type', 'Mig-IMAP', 1);
  await pg.fill('Entitlements', '3100', 1);
  await pg.press('Save');
  const conflict = await pg.read();
  check('the conflict names her and what she did', /Adele Vance[^]*Mig-ExHybrid/.test(conflict), conflict);
  check('it keeps mine', (await pg.typed('Entitlements')) === '3100', await pg.typed('Entitlements'));
  await pg.picture('58-migration-conflict');
  await pg.press('Save mine on top');
  check('mine goes on top', /saved/i.test(await pg.read()) && /Mig-IMAP/.test(await pg.read()), await pg.read());
});
