// Somebody without a window in the playground: writes, reads cards as their JSON has them, and presses buttons.
const CARD = 'application/vnd.microsoft.card.adaptive';

/** Every element and action of a card, also of cards within it. */
export function* parts(node) {
  if (Array.isArray(node)) for (const item of node) yield* parts(item);
  else if (node && typeof node === 'object') {
    yield node;
    for (const [key, value] of Object.entries(node)) if (key !== 'fallback' && key !== 'data') yield* parts(value);
  }
}

/** Text as it is read: without the unseen characters that hold words together and keep markup from being read. */
export const asRead = (text) => text.replaceAll(/[\u2060\u2066-\u2069]/g, '').replaceAll('\u00a0', ' ');

/** What a card says, in the order in which it stands there. */
export function words(card) {
  const said = ({ type, text, label, title, errorMessage, ...rest }) => [text, label, type?.startsWith('Action.') ? title : undefined, rest.placeholder];
  return asRead([...parts(card)].flatMap(said).filter((text) => typeof text === 'string' && text !== '').join('\n'));
}

/** What the inputs of a card hold, as a client sends them; those with these labels hold what is given. */
function inputs(card, filled) {
  const all = [...parts(card)].filter(({ type }) => type?.startsWith('Input.'));
  const sent = Object.fromEntries(all.map(({ id, value }) => [id, value === undefined ? '' : String(value)]));
  for (const [label, value] of Object.entries(filled)) {
    const input = all.find((one) => one.label === label);
    if (!input) throw new Error(`no input "${label}"`);
    sent[input.id] = input.choices?.find(({ title }) => title === value)?.value ?? String(value);
  }
  return sent;
}

/** What the bot says to somebody who is faster than a person can be. */
const TOO_FAST = 'That was a lot at once';

/** Does it a few seconds later. */
async function later(deed) {
  await new Promise((again) => { setTimeout(again, 5000); });
  return deed();
}

export class Person {
  /** Messages that the bot sent. */
  said = [];
  /** The newest card. */
  card = null;
  /** Lines sent, buttons pressed and fields filled. */
  interactions = 0;
  #teams;
  #activity;

  /** `model` is a conversation that the playground knows, like which this person's own is. */
  constructor(teams, account, model) {
    const conversation = { id: `a:1-chat-of-${account.aadObjectId}`, conversationType: 'personal', tenantId: teams.directoryOf(model) };
    this.#teams = teams;
    this.#activity = (change) => teams.activity(model, { conversation, from: account, ...change });
    teams.hosts(conversation.id, (body) => this.#hears(body));
  }

  #hears(body) {
    if (body?.type !== 'message') return;
    this.said.push(body);
    this.card = body.attachments?.findLast(({ contentType }) => contentType === CARD)?.content ?? this.card;
  }

  /** Writes a line, waits for the answer, and gives back what it says. Told to be slower, waits and writes it again. */
  async says(text) {
    this.interactions += 1;
    const said = await this.#says(text);
    return said.includes(TOO_FAST) ? later(() => this.#says(text)) : said;
  }

  async #says(text) {
    const before = this.said.length;
    await this.#teams.deliver(this.#activity({ type: 'message', text, textFormat: 'plain' }));
    await this.#teams.until(() => this.said.length > before, `an answer to "${text}"`);
    return `${this.said.at(-1).text ?? ''}\n${words(this.card)}`;
  }

  /** Presses the button whose title fits, with what is filled in by label; gives back what the answer says. */
  async presses(title, filled = {}) {
    const button = [...parts(this.card)].find((part) => part.type === 'Action.Execute' && title.test(part.title));
    if (!button) throw new Error(`no button ${title} in ${words(this.card).slice(0, 200)}`);
    this.interactions += 1 + Object.keys(filled).length;
    const data = { ...button.data, ...(button.associatedInputs === 'none' ? {} : inputs(this.card, filled)) };
    return this.executes(button.verb, data);
  }

  /** Presses a button that stands on some card seen before; gives back what the answer says. */
  async opens({ verb, data }) {
    this.interactions += 1;
    return this.executes(verb, data);
  }

  /** Calls a verb as some card might; gives back what the answer says. Told to be slower, waits and does it again. */
  async executes(verb, data) {
    const said = await this.#executes(verb, data);
    return said.includes(TOO_FAST) ? later(() => this.#executes(verb, data)) : said;
  }

  async #executes(verb, data) {
    const value = { action: { type: 'Action.Execute', verb, data }, trigger: 'manual' };
    const { body } = await this.#teams.deliver(this.#activity({ type: 'invoke', name: 'adaptiveCard/action', value }));
    if (body?.type === CARD) this.card = body.value;
    return body?.type === CARD ? words(body.value) : JSON.stringify(body);
  }
}
