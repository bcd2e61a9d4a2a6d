// The morning of a delivery manager: forty tenants with all that is red in them, mended from the chat. Each line sent and
// each button pressed is one interaction. The portal's figure is what the same takes there, tenant by tenant.
import { ahead, check, counted } from './stage.mjs';
import { parts, words } from './person.mjs';

export const portfolio = [];
const PORTAL = { note: 9, contact: 17, forecast: 11, status: 8 };

/** The rows of the card of gaps: the tenant and the service by what the button of the row carries, and the rule. */
function rows(card) {
  const buttons = [...parts(card)].filter(({ type, title }) => type === 'Action.Execute' && /^\d+\. /.test(title ?? ''));
  return buttons.map(({ data, title }) => ({ tenant: data.tenant, service: data.service, title }));
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

/** Sends lines as one message and confirms. */
async function save(person, lines) {
  await person.says(lines.join('\n'));
  const said = await person.presses(/^(Save|Add)/);
  check('saved', /saved|added/i.test(said), said);
}

portfolio.push({
  title: 'portfolio: forty tenants to green',
  run: async ({ pg, alex }) => {
    const todo = { portal: 0 };
    await counted(alex, 'forty tenants to green', { most: 135, portal: () => todo.portal }, async () => {
      const notes = await listed(alex, 'rule:note');
      for (const { tenant } of notes) await alex.says(`note ${tenant}: Spoke with the customer, rollout goes on as planned, next call in two weeks`);
      const contacts = await listed(alex, 'rule:contact');
      for (const { tenant } of contacts) await save(alex, [`contact ${tenant}: Eva Novák eva.novak@customer.example ES spanish exo, teams`]);
      const dates = await listed(alex, 'rule:forecast');
      const services = Map.groupBy(dates, ({ tenant }) => tenant);
      const lines = [...services].map(([tenant, gaps]) => `${tenant} ${[...new Set(gaps.map(({ service }) => service))].join(', ')} 15% ${ahead(60)}, max ${ahead(200)}`);
      for (let at = 0; at < lines.length; at += 10) await save(alex, [`forecast ${lines[at]}`, ...lines.slice(at + 1, at + 10)]);
      const late = await listed(alex, 'rule:target');
      todo.portal = notes.length * PORTAL.note + contacts.length * PORTAL.contact + new Set(dates.map(({ tenant, service }) => tenant + service)).size * PORTAL.forecast + late.length * PORTAL.status;
      console.log(`         ${notes.length} notes, ${contacts.length} contacts, ${dates.length} dates of ${services.size} tenants, ${late.length} target dates`);
    });
    const left = await alex.says('gaps');
    check('what is left', true, words(alex.card));
    console.log(left);
    await pg.say('today');
    await pg.picture('150-portfolio-today');
  },
});
