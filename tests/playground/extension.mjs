// From the box where one writes, in Teams and in Outlook: searches, links that are pasted, and a message that becomes a
// note. The playground offers none of it, so the calls are those that the clients make, and the cards are drawn.
import { parts, words } from './person.mjs';
import { LINK_HOST } from './product.mjs';
import { CHAT, check } from './stage.mjs';

export const extension = [];
const step = (title, run) => extension.push({ title, run });
const MESSAGE = '<p>Call with <b>Contoso</b>: pilots are done, mail moves next week. Waiting for their DNS change.</p>';

/** Calls the message extension; gives back the HTTP body. */
async function calls(teams, name, value, channelId = 'msteams') {
  const { body, status } = await teams.deliver(teams.activity(CHAT, { type: 'invoke', name: `composeExtension/${name}`, value, channelId }));
  check(`${name} is answered`, status === 200, body);
  return body;
}

/** What a search or a link shows. */
async function rows(teams, name, value, channelId) {
  return (await calls(teams, name, value, channelId))?.composeExtension?.attachments ?? [];
}

const query = (typed) => ({ commandId: 'find', parameters: [{ name: 'query', value: typed }], queryOptions: { skip: 0, count: 10 } });
const titles = (found) => found.map((row) => row.preview?.content?.title);

step('find: from the box where one writes', async ({ pg, teams }) => {
  const found = await rows(teams, 'query', query('contoso exo'));
  check('a tenant narrowed to its service', /Exchange/.test(titles(found)[0] ?? ''), titles(found));
  await pg.sketch('140-find-service', found[0]?.content);
  const gaps = await rows(teams, 'query', query('rule:note'));
  check('gaps by their filter', gaps.length > 0 && /overdue|never/i.test(JSON.stringify(gaps[0])), gaps[0]);
  await pg.sketch('141-find-gap', gaps[0]?.content);
  const secret = await rows(teams, 'query', query('meridian'));
  check('nothing of another firm', !/Meridian/i.test(JSON.stringify(secret)), secret);
});

step('find in Outlook: the same rows, on cards that nobody has to answer', async ({ pg, teams }) => {
  const here = await rows(teams, 'query', query('contoso exo'));
  const there = await rows(teams, 'query', query('contoso exo'), 'm365extensions');
  check('the same rows', titles(there).join() === titles(here).join(), titles(there));
  check('without buttons', [...parts(there[0]?.content)].every(({ type }) => !type?.startsWith('Action.')), there[0]);
  await pg.sketch('142-find-outlook', there[0]?.content);
});

step('a link shows the tenant where it is pasted', async ({ pg, teams }) => {
  await pg.say('tenant contoso.onmicrosoft.com');
  const [, url] = JSON.stringify(pg.json).match(new RegExp(`(https://${LINK_HOST}/t/[0-9a-f-]+)`)) ?? [];
  check('its card has a link', url !== undefined, pg.json);
  const [shown] = await rows(teams, 'queryLink', { url });
  check('the link shows it', /Contoso/.test(words(shown?.content)), shown);
  await pg.sketch('143-link', shown?.content);
  const [closed] = await rows(teams, 'queryLink', { url: `https://${LINK_HOST}/t/00000000-0000-4000-8000-000000000000` });
  check('one that leads nowhere shows nothing of anybody', /Open the link in Teams/.test(words(closed?.content)), closed);
});

step('a message becomes a note, and is taken back', async ({ pg, teams }) => {
  const messagePayload = { id: '1', body: { contentType: 'html', content: MESSAGE }, linkToMessage: 'https://teams.microsoft.com/l/message/19:x/1', createdDateTime: new Date().toISOString() };
  const dialog = (body) => body?.task?.value?.card?.content;
  const form = dialog(await calls(teams, 'fetchTask', { commandId: 'note', commandContext: 'message', messagePayload }));
  const inputs = [...parts(form)].filter(({ type }) => type?.startsWith('Input.'));
  check('the tenant that it names is chosen, and its text is there', inputs.some(({ value }) => /^contoso\./.test(value)) && inputs.some(({ value }) => /mail moves next week/.test(value)), form);
  await pg.sketch('144-message-dialog', form);
  const sends = async (card, title, filled = {}) => {
    const { data } = [...parts(card)].find((part) => part.type === 'Action.Submit' && title.test(part.title));
    return dialog(await calls(teams, 'submitAction', { commandId: 'note', commandContext: 'message', data: { ...data, ...filled } }));
  };
  const typed = Object.fromEntries(inputs.map(({ id, value }) => [id, value ?? '']));
  const receipt = await sends(form, /^Save note$/, typed);
  check('saved', /✓ Saved/.test(words(receipt)), receipt);
  await pg.sketch('145-message-saved', receipt);
  check('Undo takes it back', /taken back|undone/i.test(words(await sends(receipt, /^Undo$/))));
});
