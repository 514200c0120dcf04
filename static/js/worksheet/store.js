/**
 * What this phone keeps, in IndexedDB: nothing typed leaves it before the site has said that it has it.
 *
 *   sheets     one session as one holder (account or access code) sees it: what the site told last
 *   fields     one field of a sheet as it stands here, with the version of the site that it was written over
 *   outbox     changes the site has not confirmed; slot "" is still being typed over, any other (its id) was sent at
 *              least once and never changes again, for nobody knows whether it arrived
 *   conflicts  fields that somebody else wrote meanwhile: both versions
 *   photos     pictures of signed sheets, with their bytes until they are sent
 *   meta       the device's id, the counter that orders its changes, who used a session last
 */

const NAME = "consulta-hoja";
const LATEST = 1;
let database;

const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const done = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error || new Error("aborted"));
  });

/** Open the store; `lost` is called when the browser closes it (its data were cleared, or a newer page wants it). */
export const open = async (lost) => {
  const request = indexedDB.open(NAME, LATEST);
  request.onupgradeneeded = () => {
    const db = request.result;
    db.createObjectStore("sheets", { keyPath: "sheet" }).createIndex("session", "session");
    db.createObjectStore("fields", { keyPath: ["sheet", "path"] }).createIndex("sheet", "sheet");
    db.createObjectStore("outbox", { keyPath: ["sheet", "path", "slot"] }).createIndex("sheet", "sheet");
    db.createObjectStore("conflicts", { keyPath: ["sheet", "path"] }).createIndex("sheet", "sheet");
    db.createObjectStore("photos", { keyPath: "uid" }).createIndex("sheet", "sheet");
    db.createObjectStore("meta");
  };
  database = await asked(request);
  database.onversionchange = () => { database.close(); lost(); };
  database.onclose = lost;
};

/** Begin to change `stores`; strict: what is told as saved is on the disk, not in its cache. */
const changing = (...stores) => database.transaction(stores, "readwrite", { durability: "strict" });
const reading = (...stores) => database.transaction(stores, "readonly");
const ofSheet = (transaction, store, sheet) => asked(transaction.objectStore(store).index("sheet").getAll(sheet));

export const pathOf = (part, key, field) => `${part}|${key}|${field}`;
export const same = (one, other) => JSON.stringify(one === undefined ? null : one) === JSON.stringify(other === undefined ? null : other);

const hexadecimal = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
/** 32 hexadecimal digits that nobody else draws: the name of a new row. */
export const uid = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return hexadecimal(bytes);
};
/** The same with hyphens: the name of a change, or of a device. */
export const uuid = () => uid().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

export const device = async () => {
  const transaction = changing("meta");
  const meta = transaction.objectStore("meta");
  let id = await asked(meta.get("device"));
  if (!id) meta.put((id = uuid()), "device");
  await done(transaction);
  return id;
};

export const lastHolder = (session) => asked(reading("meta").objectStore("meta").get(`holder:${session}`));
export const sheetsOf = (session) => asked(reading("sheets").objectStore("sheets").index("session").getAll(session));

/** Everything this phone holds of `sheet`; photos without their bytes. */
export const readSheet = async (sheet) => {
  const transaction = reading("sheets", "fields", "outbox", "conflicts", "photos");
  const [record, fields, outbox, conflicts, photos] = await Promise.all([
    asked(transaction.objectStore("sheets").get(sheet)),
    ...["fields", "outbox", "conflicts", "photos"].map((store) => ofSheet(transaction, store, sheet)),
  ]);
  return { record, fields, outbox, conflicts, photos: photos.map(withoutBytes) };
};

/** How many changes and photos of `sheet` wait to be sent. */
export const waitingOf = async (sheet) => {
  const transaction = reading("outbox", "photos");
  const [outbox, photos] = await Promise.all([ofSheet(transaction, "outbox", sheet), ofSheet(transaction, "photos", sheet)]);
  return outbox.length + photos.filter((photo) => photo.state === "waiting").length;
};

/**
 * Keep what was typed, and put it in line for the site, in one transaction that reads nothing: it is on its way to the
 * disk when this returns its promise, whatever becomes of the page.
 * edits: {session, part, key, field, value, base, order, settles, held, group}; held: kept here alone, for both versions
 * of a conflict are still to be chosen from; group: a name of changes that must travel in one batch.
 */
export const write = async (sheet, edits) => {
  const transaction = changing("fields", "outbox", "conflicts");
  const [fields, outbox, conflicts] = ["fields", "outbox", "conflicts"].map((store) => transaction.objectStore(store));
  const at = new Date().toISOString();
  for (const { session, part, key, field, value, base, order, settles, held, group } of edits) {
    const path = pathOf(part, key, field);
    if (settles) conflicts.delete([sheet, path]);
    if (!held) outbox.put({ sheet, path, slot: "", session, part, key, field, value, base, at, settles: settles || null, group: group || null });
    fields.put({ sheet, path, part, key, field, value, version: base, order, saved_at: at, sent_at: null, disputed: Boolean(held) });
  }
  await done(transaction);
  return at;
};

/**
 * The next changes to send, oldest first, at most `most` of them and about `bytes` long. Here each gets its id and its
 * place in the order of this device, and from here on it stays as it is.
 */
export const freeze = async (sheet, most, bytes) => {
  const transaction = changing("outbox", "meta");
  const ended = done(transaction);
  const [outbox, meta] = ["outbox", "meta"].map((store) => transaction.objectStore(store));
  const waiting = await ofSheet(transaction, "outbox", sheet);
  const sent = waiting.filter((change) => change.slot).sort((a, b) => a.sequence - b.sequence);
  const typed = waiting.filter((change) => !change.slot).sort((a, b) => (a.at < b.at ? -1 : 1));
  let sequence = (await asked(meta.get("sequence"))) || 0;
  const batch = [];
  const groups = new Set();
  let size = 0;
  for (const change of [...sent, ...typed]) {
    size += JSON.stringify(change.value === undefined ? null : change.value).length + 300;
    const full = batch.length && (batch.length >= most || size > bytes || (change.group && groups.size >= 10)); // the site takes ten proposals at once
    if (full && !groups.has(change.group)) continue;
    if (change.group) groups.add(change.group);
    if (!change.slot) {
      outbox.delete([sheet, change.path, ""]);
      sequence += 1;
      Object.assign(change, { id: uuid(), sequence });
      change.slot = change.id;
      outbox.put(change);
    }
    batch.push(change);
  }
  meta.put(sequence, "sequence");
  await ended;
  return batch;
};

/**
 * Take in what the site answered: to a batch, or, with `whole`, its document (batch empty).
 * Returns the paths that may have changed.
 */
export const receive = async (sheet, batch, answer, record) => {
  const transaction = changing("sheets", "fields", "outbox", "conflicts", "meta");
  const ended = done(transaction);
  const [sheets, fields, outbox, conflicts] = ["sheets", "fields", "outbox", "conflicts"].map((name) => transaction.objectStore(name));
  const now = new Date().toISOString();
  const touched = new Set();
  const before = await ofSheet(transaction, "conflicts", sheet);
  const open = new Map((answer.conflicts || []).map((each) => [pathOf(each.part, each.key, each.field), each]));

  for (const change of batch) {
    const verdict = (answer.taken || {})[change.id];
    if (!verdict) continue;
    outbox.delete([sheet, change.path, change.slot]);
    touched.add(change.path);
    const field = await asked(fields.get([sheet, change.path]));
    if (!field) continue;
    field.refused = verdict === "refused" ? (answer.refused || {})[change.id] || "" : null;
    field.late = verdict === "late";
    field.disputed = verdict === "conflict" || (field.disputed && open.has(change.path));
    if (verdict !== "refused") field.sent_at = now;
    fields.put(field);
  }

  const waiting = new Set((await ofSheet(transaction, "outbox", sheet)).map((change) => change.path));
  const incoming = new Set();
  for (const [index, [part, key, name, value, version, mine]] of (answer.fields || []).entries()) {
    const path = pathOf(part, key, name);
    const there = await asked(fields.get([sheet, path]));
    const order = there && there.order !== undefined ? there.order : record && record.whole ? index : 1e6 + Math.max(version, 0);
    incoming.add(path);
    if (there && waiting.has(path)) {
      if (mine) fields.put({ ...there, version, order });
    } else if (there && same(there.value, value) && there.version === version && there.sent_at && !there.refused) {
      continue; // told again: a form wrote it, and no version says that it is old news
    } else if (there && (there.refused || there.late) && !same(there.value, value)) {
      // What the site did not take stands here alone, and stays until whoever wrote it writes something else.
    } else if (!(there && there.disputed && open.has(path))) {
      const sent = there && same(there.value, value) ? there.sent_at || now : now;
      fields.put({ sheet, path, part, key, field: name, value, version, order, saved_at: (there && there.saved_at) || now, sent_at: sent });
    }
    touched.add(path);
  }

  for (const old of before) {
    touched.add(old.path);
    if (open.has(old.path)) continue;
    conflicts.delete([sheet, old.path]);
    // Somebody chose: what was kept back here gives way, unless the answer itself or a newer keystroke says what stands.
    const there = await asked(fields.get([sheet, old.path]));
    if (!there || !there.disputed) continue;
    const told = incoming.has(old.path) || waiting.has(old.path);
    fields.put({ ...there, ...(told ? {} : { value: old.theirs.value, version: old.theirs.version }), disputed: false });
  }
  for (const [path, each] of open) {
    conflicts.put({ ...each, sheet, path });
    touched.add(path);
  }

  const kept = await asked(sheets.get(sheet));
  const next = { ...kept, ...record, sheet, version: answer.version, why_not: answer.why_not || null, synced_at: now };
  if (answer.state) next.session_data = { ...next.session_data, state: answer.state };
  if (answer.room) next.document = { ...next.document, room: answer.room };
  sheets.put(next);
  if (record && record.whole) transaction.objectStore("meta").put(record.holder, `holder:${record.session}`);
  await ended;
  return [...touched];
};

/** Leave `change`, which the site refuses whatever else is in the batch, out of the line; what was typed stays. */
export const setAside = async (sheet, change, message) => {
  const transaction = changing("fields", "outbox");
  const ended = done(transaction);
  transaction.objectStore("outbox").delete([sheet, change.path, change.slot]);
  const field = await asked(transaction.objectStore("fields").get([sheet, change.path]));
  if (field) transaction.objectStore("fields").put({ ...field, refused: message });
  await ended;
};

export const readPaths = async (sheet, paths) => {
  const transaction = reading("fields");
  return Promise.all(paths.map((path) => asked(transaction.objectStore("fields").get([sheet, path]))));
};

/** What waits and what is in conflict, as it stands now. */
export const readLine = async (sheet) => {
  const transaction = reading("sheets", "outbox", "conflicts", "photos");
  const [record, outbox, conflicts, photos] = await Promise.all([
    asked(transaction.objectStore("sheets").get(sheet)),
    ...["outbox", "conflicts", "photos"].map((store) => ofSheet(transaction, store, sheet)),
  ]);
  return { record, outbox, conflicts, photos: photos.map(withoutBytes) };
};

const withoutBytes = ({ blob, ...photo }) => photo;

export const keepPhoto = async (photo) => {
  const transaction = changing("photos");
  transaction.objectStore("photos").put(photo);
  await done(transaction);
};

export const photo = (id) => asked(reading("photos").objectStore("photos").get(id));

export const changePhoto = async (id, change) => {
  const transaction = changing("photos");
  const ended = done(transaction);
  const there = await asked(transaction.objectStore("photos").get(id));
  if (there) transaction.objectStore("photos").put({ ...there, ...change });
  await ended;
};

export const dropPhoto = async (id) => {
  const transaction = changing("photos");
  transaction.objectStore("photos").delete(id);
  await done(transaction);
};

/** Put what waits in `from` in the line of `to`: the same session, entered with another code or account. hand: whose it was. */
export const adopt = async (from, to, hand) => {
  const transaction = changing("fields", "outbox", "photos", "sheets");
  const ended = done(transaction);
  const [fields, outbox, photos, sheets] = ["fields", "outbox", "photos", "sheets"].map((name) => transaction.objectStore(name));
  for (const change of await ofSheet(transaction, "outbox", from)) {
    const field = await asked(fields.get([from, change.path]));
    outbox.delete([from, change.path, change.slot]);
    // An id stays: should it have arrived before the code ended, it counts once.
    outbox.put({ ...change, sheet: to });
    if (field) fields.put({ ...field, sheet: to });
  }
  for (const each of await ofSheet(transaction, "photos", from)) photos.put({ ...each, sheet: to });
  // Whoever wrote it has a hand in all that is sent from here on: nobody can tell any more which words were whose.
  const record = await asked(sheets.get(to));
  if (hand && record) sheets.put({ ...record, hands: [...new Set([...(record.hands || []), hand])] });
  await ended;
};

/** Remove all that this phone holds of `sheet`. */
export const forget = async (sheet, session) => {
  const transaction = changing("sheets", "fields", "outbox", "conflicts", "photos", "meta");
  const ended = done(transaction);
  for (const name of ["fields", "outbox", "conflicts", "photos"]) {
    const store = transaction.objectStore(name);
    for (const key of await asked(store.index("sheet").getAllKeys(sheet))) store.delete(key);
  }
  transaction.objectStore("sheets").delete(sheet);
  transaction.objectStore("meta").delete(`holder:${session}`);
  await ended;
};
