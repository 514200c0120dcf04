/**
 * Carries what waits on this phone to the site, and what others wrote to this phone (consulta/worksheets/protocol.py).
 *
 * One tab at a time, in rounds: a batch is frozen, sent, and taken out of the line only when the site has answered for
 * it. Cut off anywhere, the same batch goes again; the site counts a change once. A round begins a moment after
 * something was typed, when the line comes back, when the page is looked at again, and every so often to see what
 * others wrote; after a failure it waits longer each time.
 */

import * as store from "./store.js";

const SOON = 1200; // milliseconds after a keystroke: a few words travel together
const POLL = 25000; // milliseconds between looks at what others wrote, while the page is looked at
const PATIENCE = 45000; // milliseconds that one request may take
const PHOTO_PATIENCE = 300000;
const LONGEST = 90000; // milliseconds that failures may put off the next try
const BATCH = 200; // changes
const MOST_HANDS = 20; // that the site takes
const BYTES = 120000; // characters of a batch, about: less is lost where the line breaks

export const addressOf = (session) => `/sesiones/${session}/hoja/datos`;

/** Ask, with an end to patience; raises `Cut` where there is no line, `Refusal` where the site says no. */
export const ask = async (address, options = {}, patience = PATIENCE) => {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), patience);
  let response, body;
  try {
    response = await fetch(address, {
      credentials: "same-origin", cache: "no-store", ...options, signal: limit.signal,
      headers: { Accept: "application/json", ...options.headers },
    });
    body = (response.headers.get("Content-Type") || "").includes("json") ? await response.json() : null;
  } catch (error) {
    throw new Cut(error);
  } finally {
    clearTimeout(timer);
  }
  // A page that asks to sign in is what came instead of an answer.
  if (response.redirected) throw new Refusal(401, {});
  if (!response.ok) throw new Refusal(response.status, body || {}, Number(response.headers.get("Retry-After")) || 0);
  // What some networks answer in the place of the site: no line.
  if (!body) throw new Cut(new Error("no JSON"));
  return body;
};

export class Cut extends Error {}
export class Refusal extends Error {
  constructor(status, body, after = 0) {
    super(`${status}`);
    Object.assign(this, { status, after, word: body.error, reason: body.reason || body.message || "", change: body.change || null });
  }
}

/** Fetch the whole worksheet of `session` and keep it; returns the name of the sheet, one for each holder. */
export const fetchSheet = async (session, codes = []) => {
  const query = new URLSearchParams({ device: await store.device() });
  if (codes.length) query.set("codes", codes.join(","));
  const answer = await ask(`${addressOf(session)}?${query}`);
  const sheet = `${session}:${answer.person.uid}`;
  const { protocol, csrf, person, session: data, proposals, themes, labels, limits, room } = answer;
  await store.receive(sheet, [], { ...answer, why_not: data.why_not }, {
    whole: true, session, holder: person.uid, person, protocol, csrf, session_data: data,
    document: { proposals, themes, labels, limits, room },
  });
  return sheet;
};

export class Sync {
  constructor(sheet) {
    this.sheet = sheet;
    this.state = navigator.onLine === false ? "off" : "unknown"; // "unknown", "off", "on", "out", "refused", "busy"
    this.reason = "";
    this.sending = false;
    this.held = false; // nothing is sent before the site has said whose entry this phone uses now
    this.failures = 0;
    this.alone = false; // send one change at a time: one of a batch will not do
    this.extra = new Set(); // proposals beyond those the site gives by itself
    this.listeners = new Set();
    sheet.onkept = () => this.soon(SOON);
    addEventListener("online", () => this.now());
    addEventListener("offline", () => this.stand("off"));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.now(); });
    addEventListener("pageshow", (event) => { if (event.persisted) this.now(); });
  }

  stop() { this.stopped = true; clearTimeout(this.timer); }
  release() { this.held = false; this.now(); }
  listen(listener) { this.listeners.add(listener); }

  stand(state, reason = "") {
    this.state = state;
    this.reason = reason;
    for (const listener of this.listeners) listener();
  }

  /** Begin a round in `wait` milliseconds, unless one is to begin before. After a failure a keystroke hurries nothing. */
  soon(wait) {
    const at = Date.now() + wait;
    if (this.stopped || (this.timer && (this.failures || this.due <= at))) return;
    clearTimeout(this.timer);
    this.due = at;
    this.timer = setTimeout(() => { this.timer = null; this.round(); }, wait);
  }

  /** Begin at once, whatever failed before: the line came back, or somebody asked for it. */
  now() {
    this.failures = 0;
    this.soon(0);
  }

  later(wait = Math.min(LONGEST, 2000 * 2 ** Math.min(this.failures, 6)) * (0.75 + Math.random() / 2)) {
    clearTimeout(this.timer);
    this.timer = null;
    this.soon(wait);
  }

  /** One round, in one tab at a time. */
  async round() {
    if (this.sending || this.stopped || this.held) return this.again();
    const locks = navigator.locks;
    if (!locks) return this.exchange();
    return locks.request(`consulta-hoja:${this.sheet.name}`, { ifAvailable: true }, (lock) => (lock ? this.exchange() : this.again()));
  }

  again() { this.soon(2000); }

  async exchange() {
    this.sending = true;
    for (const listener of this.listeners) listener();
    try {
      let more = true;
      while (more && !this.stopped) more = await this.sendBatch();
      await this.sendPhotos();
      this.failures = 0;
      this.sending = false;
      this.stand("on");
      if (!document.hidden) this.soon(this.sheet.unsent ? SOON : POLL);
    } catch (error) {
      this.sending = false;
      this.failed(error);
    }
  }

  failed(error) {
    this.failures += 1;
    if (error instanceof Cut) {
      this.stand("off");
      this.later();
    } else if (error instanceof Refusal) {
      const state = error.status === 401 ? "out" : [409, 429, 500, 502, 503, 504].includes(error.status) ? "busy" : "refused";
      this.stand(state, error.reason);
      this.later(error.after ? error.after * 1000 : undefined);
    } else {
      this.stand("off");
      this.later();
      throw error; // a fault of ours: seen in the console, and tried again all the same
    }
  }

  /** Send the next batch; returns whether more waits. With nothing to send it asks what is new. */
  async sendBatch() {
    const { sheet } = this;
    const batch = await store.freeze(sheet.name, this.alone ? 1 : BATCH, BYTES);
    const { record } = sheet;
    let answer;
    try {
      answer = await this.post({
        protocol: 1, device: await store.device(), seen: record.version || 0, hands: handsOf(record), changes: batch.map(asSent),
      });
    } catch (error) {
      if (await this.recovers(error, batch)) return true;
      throw error;
    }
    const paths = await store.receive(sheet.name, batch, answer, null);
    const known = new Set(Object.keys((record.document && record.document.room) || {}));
    const published = Object.keys(answer.room || {}).some((uid) => !known.has(uid));
    await sheet.reload(paths);
    // Handed in, sent back, or a proposal of the room became public: what surrounds the fields is new as well.
    const turned = (answer.why_not || null) !== (record.why_not || null) || (answer.state || record.session_data.state) !== record.session_data.state;
    // A code shows nothing of a session that was handed in, and still sends what waits.
    if (published || turned) await this.refresh().catch((error) => { if (error.word !== "forbidden") throw error; });
    if (batch.length <= 1 && !batch.some((change) => answer.taken[change.id] === undefined)) this.alone = this.alone && batch.length > 0;
    return batch.length > 0 && sheet.unsent > 0;
  }

  post(body) {
    return ask(addressOf(this.sheet.record.session), {
      method: "POST", body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.sheet.record.csrf },
    });
  }

  /** Whether something can be done about a refusal at once: a new token, or the one change that will not do set aside. */
  async recovers(error, batch) {
    if (!(error instanceof Refusal)) return false;
    if (error.status === 400 && (error.word === "csrf" || !batch.length) && !this.renewed) {
      this.renewed = true;
      try { await this.refresh(); } finally { setTimeout(() => { this.renewed = false; }, 10000); }
      return true;
    }
    if (error.status === 413 && batch.length > 1) { this.alone = true; return true; }
    if (![400, 403, 413, 422].includes(error.status) || !batch.length || error.word === "csrf" || error.word === "forbidden") return false;
    const wrong = batch.length === 1 ? batch[0] : batch.find((change) => change.id === error.change);
    if (!wrong) {
      if (this.alone) return false;
      this.alone = true;
      return true;
    }
    await store.setAside(this.sheet.name, wrong, error.reason || `${error.status}`);
    await this.sheet.reload([wrong.path]);
    return true;
  }

  /** Fetch the whole worksheet again: the agenda, the proposals, the state of the session, a token. */
  async refresh() {
    const { session, holder } = this.sheet.record;
    const name = await fetchSheet(session, [...this.extra]);
    if (name !== this.sheet.name) {
      this.stop();
      if (this.onholder) this.onholder(name, holder);
      throw new Refusal(401, {});
    }
    await this.sheet.reload([...this.sheet.fields.keys(), ...(await this.unseen())]);
  }

  async unseen() {
    const kept = await store.readSheet(this.sheet.name);
    return kept.fields.map((each) => each.path).filter((path) => !this.sheet.fields.has(path));
  }

  /** Send the pictures one by one; each counts once by its uid, however often it has to be sent. */
  async sendPhotos() {
    const { sheet } = this;
    for (const { uid, state } of sheet.photos) {
      if (state !== "waiting" || this.stopped) continue;
      const photo = await store.photo(uid);
      if (!photo) continue;
      const room = (sheet.document.room || {})[photo.proposal];
      const about = room ? room.code : photo.proposal;
      const query = about ? `?${new URLSearchParams({ propuesta: about })}` : "";
      try {
        await ask(`/sesiones/${sheet.record.session}/hoja/fotos/${uid}${query}`, {
          method: "POST", body: photo.blob,
          headers: { "Content-Type": photo.blob.type, "X-CSRFToken": sheet.record.csrf, "X-Hands": handsOf(sheet.record).join(" ") },
        }, PHOTO_PATIENCE);
        await store.changePhoto(uid, { state: "sent", sent_at: new Date().toISOString(), blob: photo.small || photo.blob });
      } catch (error) {
        if (!(error instanceof Refusal) || ![403, 404, 409, 413, 415, 422].includes(error.status) || error.word === "forbidden") throw error;
        await store.changePhoto(uid, { state: "refused", reason: error.reason });
      }
      await sheet.reload([]);
    }
  }
}

/** Who wrote what is sent: whoever held this sheet, and those whose unsent changes were taken over; none of them confirms it. */
const handsOf = (record) => [record.person.hand, ...(record.hands || [])].filter(Boolean).slice(-MOST_HANDS);

/** A change as the site takes it; half characters, which no keyboard writes alone, are left out. */
const asSent = ({ id, session, part, key, field, value, base, sequence, at, settles }) => {
  const change = { id, session, part, key, field, value: clean(value), base, sequence, at };
  return settles ? { ...change, settles } : change;
};

const clean = (value) => {
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== "string") return value === undefined ? null : value;
  // eslint-disable-next-line no-control-regex
  return value.replace(/\u0000/g, "").replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(^|[^\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "$1");
};
