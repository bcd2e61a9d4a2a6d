// The first journey of a partner user: installed, looked around, a note written, undone, amended, read, fought
// over, and refused to strangers.
import { CHAT, check, DIRECTORY, times } from './stage.mjs';
import { newKey } from './teams.mjs';

const SHARED = 'fabrikam.onmicrosoft.com'; // Alex and Adele both work on it
const SAVE = /^save/i;
const OPEN = /^open/i;

export const notes = [];
const step = (title, run) => notes.push({ title, run });
const seen = {}; // what later steps go back to

step('installed: one welcome, never again', async ({ pg }) => {
  const welcomes = pg.teams.calls.filter((call) => call.kind === 'connector' && call.body?.type === 'message');
  check('one message', welcomes.length === 1, welcomes.map((call) => call.body));
  seen.welcome = await pg.read();
  check('it says what it is for', /tenant/i.test(seen.welcome), seen.welcome);
  check('it offers a way to begin', (await pg.buttons()).length > 0, await pg.buttons());
  await pg.picture('01-welcome');
  await pg.mock('Install application');
  check('the same event again brings nothing', pg.answers.length === 0, pg.answers);
});

step('small talk is no dead end', async ({ pg }) => {
  const said = {};
  for (const line of ['hi', 'help', 'thanks', 'blorp the frobnicator']) {
    await pg.say(line);
    said[line] = await pg.read();
    check(`"${line}" gets one answer`, pg.answers.length === 1, pg.answers.length);
    check(`"${line}" offers a next step`, (await pg.buttons()).length > 0 || /\b(tenants|help)\b/.test(JSON.stringify(pg.answers)), said[line]);
    if (line === 'help') await pg.picture('02-help');
  }
  check('help is not the welcome', said.help !== seen.welcome);
  check('not understood is not help', said['blorp the frobnicator'] !== said.help, said['blorp the frobnicator']);
});

step('tenants: pages and lists', async ({ pg }) => {
  await pg.say('tenants');
  const first = await pg.read();
  check('a list with status and last note', /active/i.test(first) && /note|day/i.test(first), first);
  await pg.picture('03-tenants');
  const next = await pg.press(/next/i);
  check('the next page is answered in the same call', next?.status === 200 && next.body?.statusCode === 200, next);
  const second = await pg.read();
  check('the next page shows others', second !== first && second.length > 100, second);
  check('an answer within 2 s', next.took < 2000, next.took);
  await pg.press(/partner/i);
  check('the partner list', /partner/i.test(await pg.read()), await pg.read());
  await pg.say('tenants zzzzzz');
  check('an empty list is explained', /nothing|no tenant|none/i.test(await pg.read()), await pg.read());
});

step('tenant: a choice where it is unclear, then the summary', async ({ pg }) => {
  await pg.say('tenant conto');
  const choice = await pg.read();
  check('several offer a choice', times(choice.toLowerCase(), 'contoso') > 1, choice);
  await pg.picture('04-choice');
  const chosen = await pg.press(OPEN);
  check('the choice is answered in the same call', chosen?.body?.statusCode === 200, chosen);
  await pg.say('tenant contoso');
  const summary = await pg.read();
  await pg.picture('05-tenant');
  seen.tenant = /[\w.-]+\.onmicrosoft\.com/.exec(summary)?.[0];
  check('the summary names the tenant', Boolean(seen.tenant), summary);
  check('services with entitlements', /entitlement/i.test(summary), summary);
  await pg.say('tenant contsoo');
  check('a typing slip finds it as well', /contoso/i.test(await pg.read()), await pg.read());
  await pg.say('tenant qqqqqqqq');
  check('no such tenant is said kindly', /no |not |nearest|none/i.test(await pg.read()), await pg.read());
});

step('the form: refused with what was typed, then saved', async ({ pg }) => {
  await pg.say(`note ${seen.tenant}`);
  const asked = await pg.press(SAVE);
  check('a missing note stops at the form', asked === undefined && /write at least|required|note/i.test(await pg.read()), asked?.activity);
  await pg.fill('Note', 'Walked through the rollout plan.');
  await pg.fill('Next action', 'Send the plan');
  const refused = await pg.press(SAVE);
  check('a next action without date and owner comes back', /✕/.test(await pg.read()), await pg.read());
  check('as an ordinary answer', refused?.status === 200 && refused.body?.statusCode === 200, refused);
  check('with the note that was typed', (await pg.typed('Note')) === 'Walked through the rollout plan.', await pg.typed('Note'));
  check('with the next action that was typed', (await pg.typed('Next action')) === 'Send the plan');
  await pg.picture('06-form-findings');
  await pg.fill('By when', '2099-01-15');
  await pg.fill('By whom', 'Alex Wilber');
  const saved = await pg.press(SAVE);
  const receipt = await pg.read();
  check('saved', saved?.body?.statusCode === 200 && /saved/i.test(receipt) && receipt.includes('Walked through the rollout plan.'), receipt);
  check('the receipt offers Undo', (await pg.buttons()).some((title) => /undo/i.test(title)), await pg.buttons());
  await pg.picture('07-saved');
  const again = await pg.teams.deliver({ ...saved.activity, id: `again-${Date.now()}` });
  check('the same form again gets the same answer', JSON.stringify(again.body) === JSON.stringify(saved.body), again.body);
  await pg.press(/undo/i);
  check('Undo takes it back', /undone|taken back|withdrawn/i.test(await pg.read()), await pg.read());
  await pg.say(`history ${seen.tenant}`);
  check('the history marks it as withdrawn', /withdrawn[^]*Walked through the rollout plan\./.test(await pg.read()), await pg.read());
});

step('a note in one line, amended by editing the message, read in the history', async ({ pg }) => {
  const said = await pg.say(`note ${seen.tenant}: Kick-off held, waiting for DNS.`);
  const receipt = await pg.read();
  check('saved', /saved/i.test(receipt) && receipt.includes('Kick-off held, waiting for DNS.'), receipt);
  await pg.picture('08-one-line');
  const since = pg.teams.calls.length;
  const edited = await pg.teams.deliver(pg.teams.activity(CHAT, {
    type: 'messageUpdate', id: said.id, text: `note ${seen.tenant}: Kick-off held, DNS is done.`, textFormat: 'plain',
    channelData: { ...said.channelData, eventType: 'editMessage' },
  }));
  check('the edit is taken', edited.status === 200, edited.status);
  await pg.teams.until((call) => call.kind === 'connector' && call.status, 'word about the amendment', { since }).catch((error) => check(error.message, false));
  await pg.quiet();
  await pg.say(`history ${seen.tenant}`);
  const history = await pg.read();
  check('the note was amended', history.includes('DNS is done.') && !history.includes('waiting for DNS.'), history);
  check('it stays one note', times(history, 'Kick-off held') === 1, history);
  await pg.picture('09-history');
  await pg.say('undo');
  check('undo in words', /undone|taken back|withdrawn|amend|back/i.test(await pg.read()), await pg.read());
});

step('words that look like code stay words', async ({ pg }) => {
  const odd = '**bold** ${tenant.name} {{DATE(2020-01-01)}} <at>Everybody</at> [link](https://example.org)';
  await pg.say(`note ${seen.tenant}: ${odd}`);
  const receipt = await pg.read();
  for (const part of ['**bold**', '${tenant.name}', '{{DATE(2020-01-01)}}', '<at>Everybody</at>', '[link](https://example.org)']) {
    check(`${part} is shown as typed`, receipt.includes(part), receipt);
  }
  await pg.picture('10-odd-words');
});

step('two people edit: nothing is lost', async ({ pg, adele }) => {
  await pg.say(`note ${SHARED}`);
  const receipt = await adele.says(`note ${SHARED}: Adele was here first.`);
  check('she gets her receipt', receipt.includes('Adele was here first.'), receipt);
  await pg.fill('Note', 'Alex came second.');
  await pg.press(SAVE);
  const conflict = await pg.read();
  check('the conflict names her', /Adele Vance/.test(conflict), conflict);
  check('it shows her words', conflict.includes('Adele was here first.'), conflict);
  check('it keeps mine', (await pg.typed('Yours')) === 'Alex came second.', conflict);
  await pg.picture('11-conflict');
  await pg.press(/mine/i);
  check('mine goes on top', /saved/i.test(await pg.read()), await pg.read());
  await pg.say(`history ${SHARED}`);
  const history = await pg.read();
  check('the history has both', history.includes('Adele was here first.') && history.includes('Alex came second.'), history);
});

step('rights: a manager who is not assigned reads, and does not write', async ({ pg, megan }) => {
  const read = await megan.says(`tenant ${seen.tenant}`);
  check('she reads', read.includes(seen.tenant), read);
  const refused = await megan.says(`note ${seen.tenant}: Megan was here.`);
  check('she does not write', /assign/i.test(refused), refused);
  await pg.say(`history ${seen.tenant}`);
  check('nothing was written', !(await pg.read()).includes('Megan was here.'));
});

step('delivered twenty times: one effect, one answer', async ({ pg }) => {
  const since = pg.teams.calls.length;
  const once = pg.teams.activity(CHAT, { type: 'message', text: `note ${seen.tenant}: Said once.`, textFormat: 'plain' });
  const answers = await Promise.all(Array.from({ length: 20 }, () => pg.teams.deliver(once)));
  check('each delivery is acknowledged', answers.every((answer) => answer.status === 200), answers.map((answer) => answer.status));
  await pg.quiet(1500);
  const sent = pg.teams.calls.slice(since).filter((call) => call.kind === 'connector' && call.body?.type === 'message');
  check('one answer', sent.length === 1, sent.length);
  await pg.say(`history ${seen.tenant}`);
  check('one note', times(await pg.read(), 'Said once.') === 1, await pg.read());
});

step('in a channel: by mention, without contact data', async ({ pg }) => {
  await pg.go('channel');
  await pg.say(`tenant ${seen.tenant}`, { mention: true });
  const [answer] = pg.answers;
  const card = JSON.stringify(answer?.attachments);
  check('the tenant is shown', card?.includes(seen.tenant), card);
  check('in the thread of the question', answer?.conversation?.id === undefined || /messageid=/.test(answer.conversation.id), answer?.conversation);
  check('no e-mail address is shown', !/[\w.]+@[\w.]+\.\w+/.test(card), card);
  await pg.picture('12-channel');
  await pg.go('personal');
});

step('strangers and forgeries are refused', async ({ pg, bob }) => {
  const { teams } = pg;
  const before = teams.calls.filter((call) => call.to === 'teams').length;
  const message = () => teams.activity(CHAT, { type: 'message', text: 'tenants', textFormat: 'plain' });
  const now = Math.floor(Date.now() / 1000);
  const forged = {
    'no token': null,
    'another key': teams.token({}, newKey().privateKey),
    'another audience': teams.token({ aud: DIRECTORY }),
    'another issuer': teams.token({ iss: 'https://sts.windows.net/' }),
    'another service address': teams.token({ serviceurl: 'https://smba.trafficmanager.net/evil/' }),
    'a token of yesterday': teams.token({ nbf: now - 90_000, exp: now - 86_400 }),
    'no token at all, but text': 'Bearer',
  };
  for (const [what, token] of Object.entries(forged)) {
    const answer = await teams.deliver(message(), { token });
    check(`${what}: refused without a word`, [401, 403].includes(answer.status) && answer.text === '', { status: answer.status, text: answer.text });
  }
  await new Promise((on) => { setTimeout(on, 500); });
  check('a refusal calls nobody', teams.calls.filter((call) => call.to === 'teams').length === before);
  const shown = await bob.says('tenants');
  check('a person on no list sees no data', !/onmicrosoft/.test(shown), shown);
});
