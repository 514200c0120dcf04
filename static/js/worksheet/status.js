/** The line at the foot of the sheet: what is kept here, what was sent and when, how much waits, whether there is a line. */

import { fill, h, tell } from "./dom.js";
import { clock, count, say } from "./words.js";

/** Keep the line up to date with `sheet` and `sync`; returns how to stop. */
export const watch = (bar, sheet, sync) => {
  const main = h("p.status-main", { role: "status" });
  const more = h("div.status-more");
  fill(bar, main, more);
  let lastKept = null;
  const show = () => {
    const waits = sheet.unsent, photos = sheet.photosUnsent;
    if (!sheet.writing) lastKept = newest(sheet);
    const parts = [];
    if (sheet.failed) parts.push(say("not_kept"));
    else if (waits || photos) parts.push(lastKept ? say("kept_at", { time: clock(lastKept) }) : say("saving"));
    else if (sheet.record.synced_at) parts.push(say("sent_at", { time: clock(sheet.record.synced_at) }));
    if (waits) parts.push(count("waiting", waits));
    if (photos) parts.push(count("photos_waiting", photos));
    parts.push(say(sync.sending && (waits || photos) ? "sending" : `line_${sync.state}`));
    if (sheet.refused) parts.push(count("not_accepted", sheet.refused));
    if (sheet.conflicts.size) parts.push(count("disputes", sheet.conflicts.size));
    tell(main, parts.join(" · "));
    bar.dataset.state = sheet.failed ? "failed" : sync.state === "on" && !waits && !photos ? "sent" : sync.state;
    const text = JSON.stringify([sheet.failed, sync.state, sync.reason, waits > 0, sheet.conflicts.size > 0]);
    if (more.dataset.now === text) return;
    more.dataset.now = text;
    fill(more, advice(sheet, sync));
  };
  sheet.listen(show);
  sync.listen(show);
  show();
};

const newest = (sheet) => {
  let at = null;
  for (const each of sheet.fields.values()) if (each.saved_at && (!at || each.saved_at > at)) at = each.saved_at;
  return at;
};

const advice = (sheet, sync) => {
  if (sheet.failed) return h("p.wrong", { role: "alert" }, say("not_kept_advice"));
  const found = [];
  if (sync.state === "out") found.push(h("p", {}, sync.reason || say("signed_out"), " ", say("all_stays")), signIn(sheet.record));
  if (sync.state === "refused") found.push(h("p.wrong", {}, say("site_refuses", { reason: sync.reason })));
  if (sync.state === "busy") found.push(h("p", {}, say("busy")));
  if (sheet.conflicts.size) found.push(h("a.button.second", { href: "#entregar" }, say("see_disputes")));
  return found;
};

/** The way back in, for an account or a code. */
export const signIn = ({ session, person }) => {
  const code = person && person.via === "code";
  const query = code ? "" : `?${new URLSearchParams({ next: `/sesiones/${session}/hoja` })}`;
  return h("a.button.main", { href: code ? `/sala?sesion=${session}` : `/cuenta/entrar${query}` }, say(code ? "enter_code" : "enter_again"));
};
