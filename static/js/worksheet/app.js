/**
 * The facilitator's worksheet: opened once with a line, it works without one from then on.
 *
 * The page holds no data (the service worker keeps it, and every module); what the phone keeps is shown at once, and
 * what the site has is fetched beside it.
 */

import * as agreements from "./agreements.js";
import * as attendance from "./attendance.js";
import * as development from "./development.js";
import { fill, h, tell } from "./dom.js";
import { clear, refresh } from "./fields.js";
import { onDevice } from "./merge.js";
import { counted } from "./numbers.js";
import * as proposals from "./proposals.js";
import * as review from "./review.js";
import * as room from "./room.js";
import { Sheet } from "./sheet.js";
import { signIn, watch } from "./status.js";
import * as store from "./store.js";
import { Cut, fetchSheet, Refusal, Sync } from "./sync.js";
import { clockIn, count, say } from "./words.js";

const session = Number((location.pathname.match(/\/sesiones\/(\d+)\//) || [])[1]);
const page = document.getElementById("sheet");
const head = document.getElementById("head");
const tabs = document.getElementById("tabs");
const bar = document.getElementById("status");

const VIEWS = {
  asistencia: [attendance, "attendance", (sheet) => count("people", counted(sheet))],
  propuestas: [proposals, "proposals", (sheet) => { const [done, all] = proposals.progress(sheet); return say("n_of", { n: done, all }); }],
  desarrollo: [development, "development", (sheet) => { const [done, all] = development.progress(sheet); return say("n_of", { n: done, all }); }],
  nuevas: [room, "tab_new", (sheet) => count("made", room.number(sheet))],
  acuerdos: [agreements, "agreements", (sheet) => count("agreed", agreements.number(sheet))],
  entregar: [review, "review", (sheet) => (sheet.closed ? say("handed_in_short") : count("to_look_at", review.number(sheet)))],
};

let sheet, sync, shape, stale = false, others = [], turn = Promise.resolve();

const route = () => {
  const [name, ...rest] = decodeURIComponent(location.hash.slice(1)).split("/");
  return VIEWS[name] ? { name, rest } : { name: "asistencia", rest: [] };
};

const typing = () => {
  const at = document.activeElement;
  return at && page.contains(at) && at.matches("textarea, input:not([type=checkbox]):not([type=radio]):not([type=file]), select");
};

/** Draw the view anew; then put the focus on the control of `field` in the element `id`, on the heading (null), or back. */
const draw = (id, field) => {
  const { name, rest } = route();
  const [view] = VIEWS[name];
  const before = document.activeElement && page.contains(document.activeElement) ? place(document.activeElement) : null;
  const top = window.scrollY;
  clear();
  stale = false;
  shape = shapeOf(view, rest);
  fill(page, view.view(sheet, { rest, sync, draw }));
  document.body.dataset.view = page.querySelector(".slip") ? "slip" : name; // a slip prints alone
  for (const area of page.querySelectorAll("textarea")) if (area.value && !area.closest("details:not([open])")) area.style.height = `${area.scrollHeight + 2}px`;
  const card = id && document.getElementById(id);
  const box = card && (field ? card.querySelector(`[data-field="${field}"]`) : card);
  const control = box && box.querySelector(field ? "input, textarea, select" : "a, button");
  if (control) control.focus();
  else if (id === null) page.querySelector("h2").focus();
  else if (before) { window.scrollTo(0, top); restore(before); }
};

const shapeOf = (view, rest) => `${view.shape(sheet, rest)} ${sheet.closed} ${[...sheet.conflicts.keys()].length}`;

const controls = () => [...page.querySelectorAll("input, textarea, select, button, a, summary")];
const place = (element) => ({ at: controls().indexOf(element), tag: element.tagName });
const restore = ({ at, tag }) => { const there = controls()[at]; if (there && there.tagName === tag) there.focus({ preventScroll: true }); };

const tabList = () => {
  const { name } = route();
  fill(tabs, h("ul", {}, Object.entries(VIEWS).map(([key, [, title, number]]) =>
    h("li", {}, h("a", { href: `#${key}`, "aria-current": key === name ? "page" : null },
      h("span.tab-name", {}, say(title)), h("span.tab-count", {}, number(sheet)))))));
};

/** Counts change while somebody types; the links stay the same elements, so that the focus stays on them. */
const recount = () => {
  const { name } = route();
  const links = [...tabs.querySelectorAll("a")];
  Object.entries(VIEWS).forEach(([key, [, , number]], at) => {
    tell(links[at].querySelector(".tab-count"), number(sheet));
    if (key === name) links[at].setAttribute("aria-current", "page");
    else links[at].removeAttribute("aria-current");
  });
};

const heading = () => {
  const { title, table, place: where, starts, zone, return_note: returned, state } = sheet.session;
  const why = sheet.record.why_not;
  document.title = title;
  fill(head,
    h("p.kicker", {}, [table, where, starts && clockIn(zone, starts)].filter(Boolean).join(" · ")),
    h("h1", {}, title),
    returned && state === "open" && h("p.notice", {}, h("strong", {}, say("returned")), ` ${returned}`),
    why && h("p.notice", {}, why),
    sheet.record.protocol !== 1 && h("p.notice", {}, say("reload")),
    others.map(other));
};

/** What somebody else who used this phone for the same session left unsent. */
const other = ({ name, person, waits }) => h("div.notice", {}, h("p", {}, count("left_by_other", waits, { who: (person && person.label) || say("somebody") })),
  h("button.second", { type: "button", onclick: async () => { await store.adopt(name, sheet.name, (person && person.hand) || null); others = []; await start(sheet.name); sync.now(); } }, say("send_theirs")));

const changed = (paths) => {
  if (sheet.gone) { location.reload(); return; }
  refresh(paths);
  recount();
  const { name, rest } = route();
  if (shapeOf(VIEWS[name][0], rest) === shape) return;
  // Nothing moves under the fingers of somebody who is typing.
  if (typing()) stale = true;
  else draw();
};

/** Show the sheet `name` and keep it in step with the site; one at a time, for who holds it may turn out twice at once. */
const start = (name, held = false) => {
  turn = turn.catch(() => {}).then(() => show(name, held));
  return turn;
};

const show = async (name, held) => {
  if (sync) sync.stop();
  if (sheet) { await sheet.drain(); sheet.close(); }
  sheet = await Sheet.open(name);
  sync = new Sync(sheet);
  sync.held = held;
  sync.onholder = (other) => start(other);
  const left = [];
  for (const record of await store.sheetsOf(session)) {
    const waits = record.sheet === name ? 0 : await store.waitingOf(record.sheet);
    if (waits) left.push({ name: record.sheet, person: record.person, waits });
  }
  others = left;
  let headed = JSON.stringify([sheet.session, sheet.record.why_not]);
  sheet.listen((paths) => {
    const now = JSON.stringify([sheet.session, sheet.record.why_not]);
    if (now !== headed) { headed = now; heading(); }
    changed(paths);
  });
  sync.listen(() => refresh(new Set(["|"]))); // no field changed; what tells of the line did
  heading();
  tabList();
  draw();
  bar.hidden = tabs.hidden = false;
  watch(bar, sheet, sync);
  sync.now();
};

const notYet = (words, ...more) => {
  fill(head, h("h1", {}, say("sheet")));
  fill(page, h("p", {}, words), more, h("button.main", { type: "button", onclick: () => location.reload() }, say("try_again")));
};

/** The service worker answers for this page from now on, in the language it was asked for. */
const settle = async () => {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("/sesiones/hoja-sw.js", { scope: "/sesiones/" });
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage({ language: document.documentElement.lang });
    document.documentElement.dataset.offline = "ready";
  } catch {
    // Without it the page cannot be opened without a line; open, it works all the same.
  }
};

const begin = async () => {
  await store.open(() => location.reload());
  onDevice(await store.device());
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
  const holder = await store.lastHolder(session);
  let shown = false;
  if (holder) {
    // Somebody else may have entered since: what the last one left unsent is sent when they say so, not by itself.
    await start(`${session}:${holder}`, true);
    shown = true;
  }
  settle();
  try {
    const name = await fetchSheet(session);
    if (!shown || name !== sheet.name) await start(name);
    else await sheet.reload([...sheet.fields.keys(), ...(await sync.unseen())]);
    sync.release();
  } catch (error) {
    if (shown) { sync.release(); return; }
    if (error instanceof Refusal && error.status === 401) notYet(error.reason || say("signed_out"), signIn({ session }), h("a.button.second", { href: `/sala?sesion=${session}` }, say("enter_code")));
    else if (error instanceof Refusal) notYet(error.reason || say("busy"));
    else if (error instanceof Cut) notYet(say("never_opened"));
    else throw error;
  }
};

addEventListener("hashchange", () => { if (sheet) { draw(null); recount(); window.scrollTo(0, 0); } });
// Leaving a field is when what came meanwhile from elsewhere may move things.
page.addEventListener("focusout", () => setTimeout(() => { if (stale && !typing()) draw(); }, 0));
for (const event of ["pagehide", "visibilitychange"]) addEventListener(event, () => { if (sheet) sheet.drain(true); });

if (!session) notYet(say("never_opened"));
else if (window.indexedDB && window.crypto && crypto.getRandomValues) {
  begin().catch((error) => {
    // The store would not open: a private window, or a phone that keeps nothing. The forms work there.
    if (!sheet) { fill(head, h("h1", {}, say("sheet"))); fill(page, h("p", {}, say("no_store")), h("a.button.main", { href: `/sesiones/${session}/registro` }, say("forms"))); }
    throw error;
  });
} else {
  fill(page, h("p", {}, say("no_store")), h("a.button.main", { href: `/sesiones/${session}/registro` }, say("forms")));
}
