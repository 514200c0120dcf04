/**
 * One worksheet in memory: what the page shows and changes. The phone's store stands behind it; every keystroke is on
 * its way there when `set` returns, and the page is told when it has arrived.
 */

import * as store from "./store.js";

const { pathOf, same } = store;
const AT_ONCE = 4; // writes on their way to the disk
export const CLOSED = ["submitted", "checked", "published"];

export class Sheet {
  constructor(name, kept) {
    this.name = name;
    this.listeners = new Set();
    this.pending = new Map(); // path → the edit that is not on the disk yet
    this.unsaved = new Map(); // path → how many writes of it are on their way
    this.settling = new Map(); // path → the conflicts that what is typed there ends
    this.writing = 0;
    this.failed = false; // the phone would not keep the last keystroke
    this.focused = null; // the path somebody is typing in
    this.held = new Set(); // what came from elsewhere for that path
    this.fields = new Map(kept.fields.map((each) => [each.path, each]));
    this.rowsOf = new Map(); // part → key → where it stands in the list
    this.inRow = new Map(); // part|key → field → path
    this.revision = 0; // counts up with every change, for what is worked out from the whole sheet
    for (const each of kept.fields) this.index(each);
    this.line(kept);
    const channel = "BroadcastChannel" in window ? new BroadcastChannel(`consulta-hoja:${name}`) : null;
    this.channel = channel;
    if (channel) channel.onmessage = (event) => this.reload(event.data, false);
  }

  static async open(name) {
    const kept = await store.readSheet(name);
    return kept.record ? new Sheet(name, kept) : null;
  }

  close() {
    if (this.channel) this.channel.close();
    this.channel = null;
    this.listeners.clear();
  }

  line({ record, outbox, conflicts, photos }) {
    this.record = record;
    this.waiting = new Map();
    for (const { path } of outbox) this.waiting.set(path, (this.waiting.get(path) || 0) + 1);
    this.conflicts = new Map(conflicts.filter((each) => !this.settling.has(each.path)).map((each) => [each.path, each]));
    for (const path of this.settling.keys()) if (!this.waiting.has(path) && !this.isUnsaved(path)) this.settling.delete(path);
    this.photos = photos;
  }

  get session() { return this.record.session_data; }
  get document() { return this.record.document; }
  /** Whether the site takes no more entries for good; a session not opened yet opens with the first of them. */
  get closed() { return CLOSED.includes(this.session.state); }

  index({ part, key, field, path, order }) {
    if (!this.rowsOf.has(part)) this.rowsOf.set(part, new Map());
    const rows = this.rowsOf.get(part);
    if (!rows.has(key) || rows.get(key) > order) rows.set(key, order);
    const row = `${part}|${key}`;
    if (!this.inRow.has(row)) this.inRow.set(row, new Map());
    this.inRow.get(row).set(field, path);
  }

  /** The keys of a part's rows, in the order in which they were first written; without those struck. */
  rows(part) {
    const rows = [...(this.rowsOf.get(part) || [])].sort((a, b) => a[1] - b[1]).map(([key]) => key);
    return rows.filter((key) => this.value(part, key, "dropped") !== true);
  }

  field(part, key, field) { return this.fields.get(pathOf(part, key, field)); }
  value(part, key, field) { const there = this.field(part, key, field); return there ? there.value : null; }

  /** A row as one object of its fields. */
  row(part, key) {
    const row = {};
    for (const [field, path] of this.inRow.get(`${part}|${key}`) || []) row[field] = this.fields.get(path).value;
    return row;
  }

  set(part, key, field, value) { this.setAll([[part, key, field, value]]); }

  /** Change several fields at once; they are kept, and sent, together or not at all. */
  setAll(values, group = null) {
    for (const [part, key, field, value] of values) {
      const path = pathOf(part, key, field);
      const there = this.fields.get(path);
      const base = (there && there.version) || 0;
      const order = there && there.order !== undefined ? there.order : Date.now();
      const held = this.conflicts.has(path);
      this.keep({ session: this.record.session, part, key, field, value, base, order, held, group });
    }
    this.drain();
    this.told(values.map(([part, key, field]) => pathOf(part, key, field)));
  }

  /** End a conflict with `value`. */
  settle(path, value) {
    const { part, key, field, theirs, yours } = this.conflicts.get(path);
    const there = this.fields.get(path);
    this.conflicts.delete(path);
    const order = there && there.order !== undefined ? there.order : Date.now();
    this.settling.set(path, yours.map((each) => each.id));
    this.keep({ session: this.record.session, part, key, field, value, base: theirs.version, order });
    this.drain();
    this.told([path]);
  }

  keep(edit) {
    const path = pathOf(edit.part, edit.key, edit.field);
    const { part, key, field, value, base, order, held } = edit;
    this.fields.set(path, { sheet: this.name, path, part, key, field, value, version: base, order, saved_at: null, disputed: held });
    this.index({ part, key, field, path, order });
    this.pending.set(path, { ...edit, settles: this.settling.get(path) });
  }

  /**
   * Write what is pending. Every keystroke sets out for the disk at once; only when the disk is slower than the fingers
   * do the latest keystrokes of a field wait together.
   */
  async drain(leaving = false) {
    if (!this.pending.size || (this.writing >= AT_ONCE && !leaving)) return;
    const edits = [...this.pending.values()];
    const paths = [...this.pending.keys()];
    this.pending.clear();
    this.writing += 1;
    for (const path of paths) this.unsaved.set(path, (this.unsaved.get(path) || 0) + 1);
    try {
      const at = await store.write(this.name, edits);
      this.failed = false;
      for (const [index, path] of paths.entries()) {
        if (!edits[index].held) this.waiting.set(path, Math.max(1, this.waiting.get(path) || 0));
        if (!this.pending.has(path) && this.unsaved.get(path) === 1) this.fields.get(path).saved_at = at;
      }
    } catch (error) {
      // No room, or the store was closed: what was typed stays on the page, and is tried again until it is kept.
      this.failed = String((error && error.name) || "Error");
      for (const [index, path] of paths.entries()) {
        const isLatest = !this.pending.has(path) && same(this.fields.get(path).value, edits[index].value);
        if (isLatest) this.pending.set(path, edits[index]);
      }
      setTimeout(() => this.drain(), 2000);
    }
    this.writing -= 1;
    for (const path of paths) {
      if (this.unsaved.get(path) > 1) this.unsaved.set(path, this.unsaved.get(path) - 1);
      else this.unsaved.delete(path);
    }
    this.told(paths);
    if (this.failed) return;
    if (this.channel) this.channel.postMessage(paths);
    if (this.onkept) this.onkept();
    this.drain();
  }

  /** Whether the last keystroke in `path` is still on its way to the disk. */
  isUnsaved(path) { return this.pending.has(path) || this.unsaved.has(path); }

  /** Show what the store holds of `paths` now; `announce` tells the other tabs. */
  async reload(paths, announce = true) {
    const [found, line] = await Promise.all([store.readPaths(this.name, paths), store.readLine(this.name)]);
    if (!line.record) { this.gone = true; this.told([]); return; }
    const news = [];
    paths.forEach((path, at) => {
      const fresh = found[at];
      if (!fresh || this.isUnsaved(path)) return;
      const shown = this.fields.get(path);
      if (path === this.focused && !same(shown ? shown.value : null, fresh.value)) { this.held.add(path); return; }
      this.fields.set(path, fresh);
      this.index(fresh);
      news.push(path);
    });
    this.line(line);
    if (announce && this.channel) this.channel.postMessage(paths);
    this.told(news);
  }

  focus(path) { this.focused = path; }

  blur(path) {
    if (this.focused === path) this.focused = null;
    if (!this.held.delete(path)) return;
    // What stands in the store now: somebody else's words, or one's own where they were typed over.
    this.reload([path], false);
  }

  listen(listener) { this.listeners.add(listener); }
  told(paths) {
    this.revision += 1;
    for (const listener of this.listeners) listener(new Set(paths));
  }

  /** How many changes have not reached the site. */
  get unsent() {
    let number = 0;
    for (const each of this.waiting.values()) number += each;
    for (const path of new Set([...this.pending.keys(), ...this.unsaved.keys()])) if (!this.waiting.has(path)) number += 1;
    return number;
  }

  /** How many fields the site did not take. */
  get refused() {
    let number = this.photos.filter((photo) => photo.state === "refused").length;
    for (const each of this.fields.values()) if (each.refused) number += 1;
    return number;
  }

  get photosUnsent() { return this.photos.filter((photo) => photo.state === "waiting").length; }

  /** How the fields whose paths begin with one of `starts` stand: {state: "empty" | "saving" | "kept" | "sent", at}. */
  standing(starts) {
    let kept = null, sent = null, waits = false;
    for (const each of this.fields.values()) {
      if (!starts.some((start) => each.path.startsWith(start))) continue;
      if (this.isUnsaved(each.path)) return { state: "saving" };
      if (each.saved_at && (!kept || each.saved_at > kept)) kept = each.saved_at;
      if (each.sent_at && (!sent || each.sent_at > sent)) sent = each.sent_at;
      if (this.waiting.has(each.path) || each.refused || each.disputed) waits = true;
    }
    if (!kept && !sent) return { state: "empty" };
    return waits ? { state: "kept", at: kept } : { state: "sent", at: sent };
  }
}
