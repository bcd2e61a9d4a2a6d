// A Teams service on loopback. It stands between the Agents Playground and the bot, in both
// directions, and adds what the playground lacks: signed tokens with published keys, a token endpoint
// that checks the bot's credentials, and a record of every call.
import crypto from 'node:crypto';
import http from 'node:http';

const ISSUER = 'https://api.botframework.com';
const KEY_ID = 'walk';

const json = (text) => { try { return JSON.parse(text); } catch { return undefined; } };
const segment = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function sign(claims, key, kid = KEY_ID) {
  const text = `${segment({ alg: 'RS256', typ: 'JWT', kid })}.${segment(claims)}`;
  return `${text}.${crypto.sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`;
}

export const newKey = () => crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

export class Teams {
  /** Every call: {to: 'bot' | 'teams', ...}. A call is complete once it has a status. */
  calls = [];
  botUrl = null;
  playgroundUrl = null;
  #keys = newKey();
  #issued = new Set();
  #models = new Map(); // conversation id -> an activity that the playground sent from it
  #own = new Map(); // conversation id -> who hears it, for conversations that the playground does not know
  #server = null;

  constructor({ appId, secret }) {
    this.appId = appId;
    this.secret = secret;
  }

  async open() {
    this.#server = http.createServer((request, response) => {
      this.#serve(request, response).catch((error) => {
        this.calls.push({ to: 'nobody', error: String(error.stack ?? error), status: 500 });
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    });
    await new Promise((ready) => { this.#server.listen(0, '127.0.0.1', ready); });
    this.origin = `http://127.0.0.1:${this.#server.address().port}`;
    return this;
  }

  async close() {
    this.#server.closeAllConnections();
    await new Promise((done) => { this.#server.close(done); });
  }

  get endpoint() { return `${this.origin}/api/messages`; }
  get serviceUrl() { return `${this.origin}/teams`; }
  get metadataUrl() { return `${this.origin}/metadata`; }
  get tokenUrl() { return `${this.origin}/oauth2/v2.0/token`; }

  /** A token as the Teams channel signs it; claims can be replaced, and so can the key. */
  token(claims = {}, key = this.#keys.privateKey) {
    const now = Math.floor(Date.now() / 1000);
    return sign({ iss: ISSUER, aud: this.appId, serviceurl: this.serviceUrl, nbf: now - 300, exp: now + 3600, ...claims }, key);
  }

  /** Hands one activity to the bot, with a good token unless another (or null) is given. */
  async deliver(activity, { token = this.token() } = {}) {
    const call = { to: 'bot', type: activity.type, name: activity.name, activity, at: Date.now() };
    this.calls.push(call);
    const answer = await fetch(this.botUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(activity),
    });
    call.text = await answer.text();
    call.contentType = answer.headers.get('content-type') ?? 'application/json';
    call.body = json(call.text);
    call.took = Date.now() - call.at;
    call.status = answer.status;
    return call;
  }

  /** A fresh activity like those that the playground sends from this conversation. */
  activity(conversationId, change = {}) {
    const model = this.#models.get(conversationId);
    if (!model) throw new Error(`nothing was sent from ${conversationId} yet`);
    const { text, entities, value, name, attachments, replyToId, membersAdded, action, ...rest } = structuredClone(model);
    return { ...rest, id: String(Date.now()) + Math.floor(Math.random() * 1000), timestamp: new Date().toISOString(), ...change };
  }

  /** The directory in which a conversation is. */
  directoryOf(conversationId) { return this.#models.get(conversationId).conversation.tenantId; }

  /** Hands what the bot says in this conversation, which the playground does not know, to `hears`. */
  hosts(conversationId, hears) { this.#own.set(conversationId, hears); }

  /** Waits for a call (from number `since` on) that satisfies the test. */
  async until(test, what, { since = 0, ms = 10_000 } = {}) {
    const end = Date.now() + ms;
    for (;;) {
      const hit = this.calls.slice(since).find(test);
      if (hit) return hit;
      if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}`);
      await new Promise((again) => { setTimeout(again, 25); });
    }
  }

  async #serve(request, response) {
    const { pathname, search } = new URL(request.url, this.origin);
    const say = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body === undefined ? '' : JSON.stringify(body));
    };
    if (pathname === '/metadata') return say(200, { issuer: ISSUER, jwks_uri: `${this.origin}/keys`, id_token_signing_alg_values_supported: ['RS256'] });
    if (pathname === '/keys') {
      const key = { ...this.#keys.publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: KEY_ID, endorsements: ['msteams', 'm365extensions'] };
      return say(200, { keys: [key] });
    }
    if (pathname === '/oauth2/v2.0/token') return this.#issue(await bodyOf(request), say);
    if (pathname === '/api/messages') return this.#fromPlayground(request, response);
    if (pathname.startsWith('/teams/v3/')) return this.#fromBot(request, pathname.slice('/teams'.length), search, say);
    return say(404);
  }

  /** Client credentials, checked as Entra would. */
  #issue(form, say) {
    const sent = new URLSearchParams(form);
    const wanted = { grant_type: 'client_credentials', client_id: this.appId, client_secret: this.secret, scope: `${ISSUER}/.default` };
    const wrong = Object.keys(wanted).find((name) => sent.get(name) !== wanted[name]);
    this.calls.push({ to: 'teams', kind: 'token', wrong, status: wrong ? 400 : 200 });
    if (wrong) return say(400, { error: 'invalid_client' });
    const token = crypto.randomUUID();
    this.#issued.add(token);
    return say(200, { token_type: 'Bearer', expires_in: 3599, access_token: token });
  }

  async #fromPlayground(request, response) {
    const activity = json(await bodyOf(request));
    if (request.method !== 'POST' || !activity) return response.writeHead(200).end(); // it probes with HEAD
    const conversation = activity.conversation?.id;
    if (conversation && (activity.type === 'message' || !this.#models.has(conversation))) this.#models.set(conversation, activity);
    if (activity.name === 'adaptiveCard/action') activity.value.trigger ??= 'manual';
    const { status, text, contentType } = await this.deliver(activity);
    return response.writeHead(status, { 'content-type': contentType }).end(text);
  }

  async #fromBot(request, path, search, say) {
    const text = await bodyOf(request);
    const token = (request.headers.authorization ?? '').replace(/^Bearer /i, '');
    const call = { to: 'teams', kind: 'connector', method: request.method, path, body: json(text), known: this.#issued.has(token), at: Date.now() };
    this.calls.push(call);
    const done = (status, body) => { call.answer = body; call.status = status; say(status, body); };
    if (!call.known) return done(401, { error: { code: 'Unauthorized' } });
    const conversation = decodeURIComponent(path.split('/')[3] ?? '');
    const hears = this.#own.get(conversation);
    if (hears) {
      hears(call.body);
      return done(201, { id: String(Date.now()) });
    }
    const answer = await fetch(`${this.playgroundUrl}/_connector${path}${search}`, {
      method: request.method,
      headers: { 'content-type': 'application/json' },
      body: text === '' ? undefined : text,
    });
    return done(answer.status, json(await answer.text()));
  }
}
