// Entitlement status: the grid, a part added, levels of one's own, an edit, a split in the form and in one line,
// many lines at once, an unclear note, fought over; and each time Undo brings the grid back.
import { ahead, check, counted, pressedAgain, takenBack } from './stage.mjs';

export const status = [];
const step = (title, run) => status.push({ title, run });
const NAME = 'contoso.onmicrosoft.com'; // 4,116 of Exchange: 3,161 In Progress, 385 and 280 Blocked, 290 unknown
const SHARED = 'fabrikam.onmicrosoft.com'; // Alex and Adele both work on it
const FIREWALL = 'Blocked because the branch firewall drops the traffic of new clients';
const GRID = /Entitlement status/;

/** Opens the grid, and gives back what it says. */
async function grid(pg, service = 'exo') {
  await pg.say(`ent ${NAME} ${service}`);
  return pg.read();
}

/** Takes it back, and looks that every row is as it was. */
async function asBefore(pg, before, service = 'exo') {
  await takenBack(pg);
  check('the grid is as it was', (await grid(pg, service)) === before, await pg.read());
}

step('status: the grid, with the total and what is left', async ({ pg, megan }) => {
  await pg.say('ent contoso exo');
  const shown = await pg.read();
  check('the total, and that the rows add up', /4,116 entitlements/.test(shown) && /0 left/.test(shown), shown);
  check('every row, by number and words', ['3,161 In Progress', '385 Blocked', '280 Blocked', '290 Status Unknown'].every((row) => shown.includes(row)), shown);
  check('with reasons, note, date and owner', /Migration[^]*target[^]*Mailboxes move in waves/.test(shown) && /owner CFO office/.test(shown), shown);
  check('each row can be edited, split and deleted', ['Edit', 'Split', 'Delete'].every((title) => shown.includes(`${title} 1`) && shown.includes(`${title} 4`)), shown);
  await pg.picture('100-status-grid');
  const read = await megan.says('ent contoso exo');
  check('who is not assigned reads, and changes nothing', GRID.test(read) && /3,161 In Progress/.test(read) && !/Edit 1|Add a part/.test(read), read);
});

step('status: a part is added: note, suggestion, save, undo', async ({ pg, teams }) => {
  const before = await grid(pg);
  await pg.press('Add a part');
  await pg.picture('101-status-add');
  await pg.fill('Note', FIREWALL);
  await pg.fill('Entitlements', '20');
  await pg.press('Suggest');
  const suggested = await pg.read();
  check('a status is suggested, with how sure it is and why', /Suggested, (over )?\d+ % sure/.test(suggested) && /firewall/.test(suggested), suggested);
  check('the likeliest are there to choose from', (suggested.match(/ · (over |under )?\d+ %/g) ?? []).length >= 2, suggested);
  check('what was typed is still there', (await pg.typed('Note')) === FIREWALL && (await pg.typed('Entitlements')) === '20');
  await pg.press('Not helpful');
  check('a suggestion that does not help is reported by one press', /✓ Reported/.test(await pg.read()), await pg.read());
  await pg.picture('102-status-suggested');
  const saved = await pg.press('Save');
  const receipt = await pg.read();
  check('saved, with old and new of both rows', /Entitlement status saved/.test(receipt) && /290 → 270/.test(receipt) && /20 · Blocked because/.test(receipt), receipt);
  await pg.picture('103-status-added');
  await pressedAgain(teams, saved);
  await asBefore(pg, before);
});

step('status: levels of one\'s own count before the suggestion', async ({ pg }) => {
  const before = await grid(pg);
  await pg.press('Add a part');
  await pg.fill('Note', FIREWALL);
  await pg.fill('Entitlements', '7');
  await pg.press('Suggest');
  await pg.unfold('Choose the levels yourself');
  await pg.fill('Status (L1)', 'Blocked');
  await pg.press('Save');
  check('a status that needs a reason asks for it', /Reason \(L2\) is missing/.test(await pg.read()), await pg.read());
  await pg.picture('104-status-reason');
  await pg.fill('Reason (L2)', 'Adoption Readiness');
  await pg.press('Save');
  check('and then for the one below', /Engineering reason \(L3\) is missing/.test(await pg.read()), await pg.read());
  await pg.picture('105-status-engineering-reason');
  await pg.fill('Engineering reason (L3)', 'Other');
  await pg.press('Save');
  const receipt = await pg.read();
  check('saved with them: it joins the row that has them already', /Entitlement status saved/.test(receipt) && /280 → 287/.test(receipt), receipt);
  await pg.picture('106-status-own-levels');
  await asBefore(pg, before);
});

step('status: an edit is asked first', async ({ pg }) => {
  const before = await grid(pg);
  await pg.press('Edit 3');
  await pg.picture('107-status-edit');
  await pg.fill('Entitlements', '390');
  await pg.fill('More comes from, less goes to', '290 Status Unknown › Customer Unresponsive');
  await pg.press('Save');
  const asked = await pg.read();
  check('it asks, with old and new', /Change this status row\?/.test(asked) && /385 → 390/.test(asked) && /290 → 285/.test(asked), asked);
  await pg.picture('108-status-edit-asked');
  await pg.press('Save');
  check('saved', /Entitlement status saved/.test(await pg.read()), await pg.read());
  await pg.picture('109-status-edited');
  await asBefore(pg, before);
});

step('status: a row is split in one form, saved at once', async ({ pg }) => {
  const before = await grid(pg, 'spo');
  await counted(pg, 'a row split in the form', { most: 4, portal: 15 }, async () => {
    await pg.say('split contoso spo');
    await pg.picture('110-status-split');
    await pg.fill('Note', FIREWALL, 2);
    await pg.fill('Entitlements', '5', 2);
    await pg.picture('111-status-split-filled');
    await pg.press('Suggest and save');
  });
  const receipt = await pg.read();
  check('it says which status was taken', /Taken as suggested: Blocked/.test(receipt), receipt);
  check('saved, with old and new of both rows', /Entitlement status saved/.test(receipt) && /4,200 → 4,195/.test(receipt), receipt);
  await pg.picture('112-status-split-saved');
  await pg.press('Open status');
  const split = await pg.read();
  check('the rows add up', /4,195 In Progress/.test(split) && /5 Blocked/.test(split) && /0 left/.test(split), split);
  await pg.say('undo');
  check('the grid is as it was', (await grid(pg, 'spo')) === before, await pg.read());
});

step('status: a service is split in one line', async ({ pg, teams }) => {
  const before = await grid(pg);
  let asked;
  let saved;
  await counted(pg, 'a service split in one line', { most: 4, portal: 15 }, async () => {
    await pg.say(`contoso exo: 4111 in progress mailboxes move in waves by ${ahead(60)}, 5 blocked firewall drops traffic`);
    asked = await pg.read();
    await pg.picture('113-status-line-asked');
    saved = await pg.press('Save');
  });
  check('it asks first, with old and new of each row', /Save this entitlement status\?/.test(asked) && /385 · [^]*→ none/.test(asked) && /3,161 → 4,111/.test(asked) && /none → 5 · blocked firewall/.test(asked), asked);
  const receipt = await pg.read();
  check('saved', /Entitlement status saved/.test(receipt), receipt);
  await pg.picture('114-status-line-saved');
  await pressedAgain(teams, saved);
  await pg.press('Open status');
  const split = await pg.read();
  check('the rows are those of the line', /4,111 In Progress/.test(split) && /5 Blocked/.test(split) && /0 left/.test(split) && !/385/.test(split), split);
  await pg.picture('115-status-line-grid');
  await pg.say('undo');
  check('the grid is as it was', (await grid(pg)) === before, await pg.read());
  await pg.say(`contoso exo: 4200 in progress pilots are done by ${ahead(60)}`);
  const many = await pg.read();
  check('more than there is comes back as the form', /84 too many/.test(many) && (await pg.typed('Entitlements')) === '4200', many);
  await pg.picture('116-status-line-findings');
});

step('status: several services in one message, one confirm, one undo', async ({ pg }) => {
  const before = [await grid(pg, 'spo'), await grid(pg, 'od')];
  let asked;
  await counted(pg, 'three services in one message', { most: 4, portal: 45 }, async () => {
    await pg.say([
      `contoso spo, od: rest in progress pilots are done by ${ahead(60)}, 7 blocked firewall drops traffic`,
      'fabrikam teams: all duplicate the tenant was bought twice',
    ].join('\n'));
    asked = await pg.read();
    await pg.picture('117-status-lines-asked');
    await pg.press('Save');
  });
  check('one question for all of them', ['SharePoint', 'OneDrive', 'Fabrikam'].every((name) => asked.includes(name)), asked);
  check('saved', /Entitlement status saved/.test(await pg.read()), await pg.read());
  await pg.picture('118-status-lines-saved');
  await takenBack(pg);
  const after = [await grid(pg, 'spo'), await grid(pg, 'od')];
  check('one undo brings all of them back', JSON.stringify(after) === JSON.stringify(before), after);
});

step('status: an unclear note asks for what is missing, and is no dead end', async ({ pg }) => {
  const before = await grid(pg);
  await pg.press('Add a part');
  await pg.fill('Note', 'no');
  await pg.fill('Entitlements', '5');
  await pg.press('Suggest and save');
  const red = await pg.read();
  check('it says what is missing', /✕/.test(red) && /does not tell the status yet/.test(red), red);
  check('and it can be saved as it is', (await pg.buttons()).includes('Save as it is'), await pg.buttons());
  await pg.picture('119-status-unclear');
  await pg.fill('Status (L1)', 'Duplicate/Invalid');
  await pg.press('Save as it is');
  check('saved as it is', /Entitlement status saved/.test(await pg.read()), await pg.read());
  await asBefore(pg, before);
});

step('status: a deletion is asked first and says where its entitlements go', async ({ pg }) => {
  const before = await grid(pg);
  await pg.press('Delete 4');
  check('it asks', /Delete this status row\?/.test(await pg.read()) && /go to Status Unknown/.test(await pg.read()), await pg.read());
  await pg.picture('120-status-delete-asked');
  await pg.press('Delete');
  check('deleted', /280 · [^]*→ none/.test(await pg.read()), await pg.read());
  await asBefore(pg, before);
});

step('status: new entitlements that wait are moved on by one press', async ({ pg }) => {
  await pg.say(`ent ${SHARED} teams`);
  const before = await pg.read();
  check('each way on says where to', /^Move 220 to In Progress$/m.test(before), before);
  await pg.picture('121-status-waiting');
  await pg.press(/^Move 220 to In Progress/);
  check('moved on', /2,880 → 3,100/.test(await pg.read()), await pg.read());
  await pg.picture('122-status-moved');
  await takenBack(pg);
  await pg.say(`ent ${SHARED} teams`);
  check('the grid is as it was', (await pg.read()) === before, await pg.read());
});

step('status: two people edit, nothing is lost', async ({ pg, adele }) => {
  await pg.say(`ent ${SHARED} teams`);
  await pg.press('Split 2');
  await adele.says(`${SHARED} teams: 9 blocked the works council has to agree first`);
  await pg.sketch('123-status-adele', adele.card);
  await adele.presses(/^Save$/);
  await pg.fill('Note', FIREWALL, 2);
  await pg.fill('Entitlements', '5', 2);
  await pg.press('Suggest');
  await pg.press('Save');
  const conflict = await pg.read();
  check('the conflict names her and what she did', /Adele Vance[^]*works council/.test(conflict), conflict);
  check('it keeps mine', (await pg.typed('Note', 2)) === FIREWALL, await pg.typed('Note', 2));
  await pg.picture('124-status-conflict');
  await pg.press('Save mine on top');
  check('mine goes on top, and hers stays', /Entitlement status saved/.test(await pg.read()), await pg.read());
  await pg.press('Open status');
  check('both are in the grid', /works council/.test(await pg.read()) && /branch firewall/.test(await pg.read()), await pg.read());
  await pg.picture('125-status-both');
});
