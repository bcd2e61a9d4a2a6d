// The morning of a delivery manager: forty tenants with all that is red in them, mended from the chat. Each line sent and
// each button pressed is one interaction.
// The portal's figure is the count for forty tenants with four services each.
import { ahead, check, counted } from './stage.mjs';
import { parts } from './person.mjs';

export const portfolio = [];

/** The rows of the card of gaps: tenant and service, and the button that opens the form. */
function rows(card) {
  const buttons = [...parts(card)].filter(({ type, title }) => type === 'Action.Execute' && /^\d+\. /.test(title ?? ''));
  return buttons.map((open) => ({ tenant: open.data.tenant, service: open.data.service, open }));
}

/** Everything that `filter` lists, page by page. */
async function listed(person, filter) {
  await person.says(`gaps ${filter}`);
  const found = rows(person.card);
  while ([...parts(person.card)].some(({ title }) => /^Next page/.test(title ?? ''))) {
    await person.presses(/^Next page/);
    found.push(...rows(person.card));
  }
  return found;
}

/** Opens the form of the row whose target date has passed, and gives it another one. */
async function postpone(person, { open }) {
  const grid = await person.opens(open);
  const targets = [...grid.matchAll(/target (\d+ \w+ \d+)|^Edit (\d+)$/gm)];
  const late = targets.findIndex(([, day]) => day && new Date(day) < new Date());
  const edit = targets.slice(late).find(([, , number]) => number);
  await person.presses(new RegExp(`^Edit ${edit[2]}$`));
  await person.presses(/^Save$/, { 'Target date': ahead(60) });
  const said = await person.presses(/^Save$/);
  check('postponed', /Entitlement status saved/.test(said), said);
}

/** Sends lines as one message and confirms. */
async function save(person, lines) {
  await person.says(lines.join('\n'));
  const said = await person.presses(/^(Save|Add)/);
  check('saved', /^✓/.test(said), said);
}

portfolio.push({
  title: 'portfolio: forty tenants to green',
  run: async ({ pg, alex }) => {
    await counted(alex, 'forty tenants to green', { most: 135, portal: 957 }, async () => {
      const notes = await listed(alex, 'rule:note');
      for (const { tenant } of notes) await alex.says(`note ${tenant}: Spoke with the customer, rollout goes on as planned, next call in two weeks`);
      const dates = await listed(alex, 'rule:forecast');
      const services = {};
      for (const { tenant, service } of dates) (services[tenant] ??= new Set()).add(service);
      const contacts = await listed(alex, 'rule:contact');
      for (const { tenant } of contacts) await save(alex, [`contact ${tenant}: Eva Novák eva.novak@customer.example ES spanish ${[...services[tenant]][0]}`]);
      const lines = Object.entries(services).map(([tenant, some]) => `${tenant} ${[...some].join(', ')} 15% ${ahead(60)}, max ${ahead(200)}`);
      for (let at = 0; at < lines.length; at += 10) await save(alex, [`forecast ${lines[at]}`, ...lines.slice(at + 1, at + 10)]);
      const late = await listed(alex, 'rule:target');
      for (const gap of late) await postpone(alex, gap);
      console.log(`         ${notes.length} notes, ${contacts.length} contacts, ${dates.length} dates of ${lines.length} tenants, ${late.length} target dates`);
    });
    const left = [...(await alex.says('gaps')).matchAll(/^(?:⚠ Money · )?(.+)\n\d+\. /gm)].map(([, rule]) => rule);
    const others = ['Not FTC-FTP Led', 'Status does not add up'];
    check('what is left is another\'s to mend, or new', left.every((rule) => others.includes(rule)), left);
    await pg.say('today');
    await pg.picture('150-portfolio-today');
  },
});
