/** All that was noted, what is missing, what disagrees; then the session is handed in, for which there has to be a line. */

import { nameOf, note, unknown } from "./attendance.js";
import { fill, h } from "./dom.js";
import { follow, options } from "./fields.js";
import { dispute } from "./merge.js";
import { counted, found, isDone, lines, proposals, sentence, warnings } from "./numbers.js";
import { photos } from "./photos.js";
import * as development from "./development.js";
import * as store from "./store.js";
import { count, say } from "./words.js";

export const shape = (sheet) => [...sheet.conflicts.keys()].join() + sheet.session.state;
export const number = (sheet) => sheet.conflicts.size + found(sheet).filter((each) => !each.has_note).length;

export const view = (sheet, { sync, draw }) => [
  h("h2", { tabindex: -1 }, say("review")),
  disputes(sheet),
  live(() => overview(sheet)),
  live(() => disagreements(sheet)),
  live(() => missing(sheet)),
  live(() => refused(sheet)),
  warnings(sheet, "session", note(sheet), () => Boolean(sheet.value("session", "", "count_note"))),
  photos(sheet, "", say("sheet_of_table")),
  handIn(sheet, sync),
  thisPhone(sheet, sync, draw),
];

/** A part that is drawn anew when what it says has changed. */
const live = (make) => {
  const box = h("div");
  follow(() => {
    const fresh = make();
    const text = fresh ? fresh.textContent : "";
    if (box.dataset.now === text) return;
    box.dataset.now = text;
    fill(box, fresh);
  })();
  return box;
};

const overview = (sheet) => {
  const all = proposals(sheet);
  const made = sheet.rows("proposal").length;
  const [said, items] = development.progress(sheet);
  return h("dl.facts", {}, [
    [say("attendance"), `${count("people", counted(sheet))}, ${count("on_list", lines(sheet).filter((each) => each.attended).length)}`],
    [say("proposals"), say("proposals_done", { done: all.filter(({ key }) => isDone(sheet, key)).length, all: all.length })],
    [say("room_proposals"), count("made", made)],
    [say("development"), say("n_of", { n: said, all: items })],
    [say("agreements"), count("agreed", sheet.rows("agreement").length)],
    [say("photos"), count("photos", sheet.photos.length)],
  ].map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
};

const nameAt = (sheet, part, key) => {
  if (part === "attendance") return [say("attendance"), nameOf(sheet, key), "#asistencia"];
  if (part === "result") {
    const known = proposals(sheet).find((each) => each.key === key);
    return [say("proposals"), known ? known.title : key, `#propuestas/${key}`];
  }
  if (part === "proposal") return [say("room_proposals"), sheet.value("proposal", key, "title") || say("untitled"), "#nuevas"];
  if (part === "agreement") return [say("agreements"), sheet.value("agreement", key, "text") || say("untitled"), "#acuerdos"];
  const item = part === "agenda" && development.items(sheet).find((each) => each.id === key);
  return [say("development"), item ? item.title : sheet.session.title, "#desarrollo"];
};

/** The words for a field and for its values, wherever a conflict is shown away from its control. */
const wordsFor = (sheet, name) => {
  const list = { outcome: "outcomes", grade: "grades", sector: "sectors", quality: "qualities", kind: "kinds", next_meeting: "next_meetings" }[name];
  if (!list) return () => undefined;
  return (value) => (options(sheet, list).find(([word]) => word === value) || [])[1];
};
const LABELS = {
  named: "institution", text: "agreed_text", development: "what_was_said", is_closed: "was_closed", count_note: "why_numbers", discussed: "was_discussed",
  statements: "statements", item: "under_item", dots: "dots_of_it", theme: "theme", institution: "institution_of", body: "text",
};
const labelOf = (sheet, name) => {
  if (name === "dropped") return say("dropped");
  if (name === "ready") return say("make_public");
  const worded = ["levels", "votes", "genders"].map((list) => options(sheet, list).find(([word]) => word === name)).find(Boolean);
  return worded ? worded[1] : say(LABELS[name] || name);
};

const disputes = (sheet) => {
  if (!sheet.conflicts.size) return null;
  return h("section.group", { id: "disputes" }, h("h3", {}, count("disputes", sheet.conflicts.size)), h("p", {}, say("disputes_lead")),
    [...sheet.conflicts].map(([path, { part, key, field: name }]) => {
      const [section, title, href] = nameAt(sheet, part, key);
      const label = labelOf(sheet, name);
      return h("article.card", {}, h("h4", {}, `${label} · ${title}`), h("p.soft", {}, h("a", { href }, section)),
        dispute(sheet, path, label, wordsFor(sheet, name)));
    }));
};

const addressOf = (sheet, place) => {
  const [part, key] = place.split(":");
  return part === "session" ? "#asistencia" : nameAt(sheet, part, key)[2];
};

const disagreements = (sheet) => {
  const all = found(sheet);
  if (!all.length) return h("p.good", {}, say("numbers_agree"));
  return h("section.group", {}, h("h3", {}, say("numbers")), h("ul.plain", {}, all.map((each) => {
    return h("li", { class: each.has_note ? "check is-noted" : "check" }, h("a", { href: addressOf(sheet, each.place) }, sentence(each)), " ",
      h("strong", {}, say(each.has_note ? "has_note" : "needs_note")));
  })));
};

const missing = (sheet) => {
  const list = [];
  const all = lines(sheet);
  if (!all.length) list.push([say("nobody_yet"), "#asistencia"]);
  else if (!all.some((each) => each.attended)) list.push([say("nobody_attended"), "#asistencia"]);
  const uncounted = all.filter((each) => each.attended && (each.heads === null || each.heads === undefined));
  if (uncounted.length) list.push([`${count("uncounted", uncounted.length)}: ${uncounted.map((each) => each.named || say("people_without")).join(", ")}`, "#asistencia"]);
  const unsaid = unknown(sheet);
  if (unsaid.length) list.push([count("unknown", unsaid.length), "#asistencia"]);
  const open = proposals(sheet).filter(({ key }) => !isDone(sheet, key));
  if (open.length) list.push([count("without_result", open.length), "#propuestas"]);
  for (const key of sheet.rows("proposal")) {
    if (sheet.value("proposal", key, "ready") !== true) list.push([say("not_ready", { title: sheet.value("proposal", key, "title") || say("untitled") }), "#nuevas"]);
  }
  for (const key of sheet.rows("agreement")) {
    if (!sheet.value("agreement", key, "text")) list.push([say("empty_agreement"), "#acuerdos"]);
  }
  for (const key of sheet.rows("attendance")) {
    if (!sheet.value("attendance", key, "sector")) list.push([say("line_without_sector", { name: nameOf(sheet, key) }), "#asistencia"]);
  }
  if (!list.length) return h("p.good", {}, say("nothing_missing"));
  return h("section.group", {}, h("h3", {}, say("missing")), h("ul.plain", {}, list.map(([text, href]) => h("li", {}, h("a", { href }, text)))));
};

const refused = (sheet) => {
  const list = [...sheet.fields.values()].filter((each) => each.refused || each.late);
  if (!list.length) return null;
  return h("section.group", {}, h("h3", {}, say("not_taken")), h("ul.plain", {}, list.map((each) => {
    const [, name, href] = nameAt(sheet, each.part, each.key);
    return h("li", {}, h("a", { href }, name), `: ${labelOf(sheet, each.field)}. ${each.late ? say("late") : say("refused", { reason: each.refused })}`);
  })));
};

const handIn = (sheet, sync) => {
  const box = h("section.group.hand-in", {}, h("h3", {}, say("hand_in")));
  const inside = h("div", { role: "status" });
  box.append(inside);
  const show = () => {
    const waits = sheet.unsent + sheet.photosUnsent;
    const bare = found(sheet).filter((each) => !each.has_note).length;
    const now = [sync.state, waits, sheet.conflicts.size, bare, sheet.session.state, sync.sending].join();
    if (inside.dataset.now === now) return;
    inside.dataset.now = now;
    const send = h("button.second", { type: "button", onclick: () => sync.now() }, say("send_now"));
    if (sheet.closed) fill(inside, h("p", {}, sheet.record.why_not || say("handed_in")));
    else if (sync.state === "out") fill(inside, h("p", {}, say("signed_out")));
    else if (waits) fill(inside, h("p", {}, say("hand_in_waits"), " ", count("waiting", waits), "."), send);
    else if (sync.state !== "on") fill(inside, h("p", {}, say("hand_in_line")), send);
    else if (sheet.conflicts.size) fill(inside, h("p", {}, say("hand_in_disputes")));
    else if (!sheet.session.handing_in) fill(inside, h("p", {}, say("hand_in_code")));
    else {
      fill(inside, bare > 0 && h("p.check", {}, say("hand_in_numbers")), h("p", {}, say("hand_in_ready")),
        h("a.button.main", { href: sheet.session.handing_in }, say("hand_in_link")));
    }
  };
  follow(show)();
  return box;
};

/** What this phone keeps, and how it is removed from a phone that is shared. */
const thisPhone = (sheet, sync, draw) => {
  const box = h("div");
  const show = async () => {
    const waits = sheet.unsent + sheet.photosUnsent;
    const now = [waits, sheet.conflicts.size].join();
    if (box.dataset.now === now) return;
    box.dataset.now = now;
    const erase = h("button.danger", {
      type: "button", onclick: () => fill(box, h("p", {}, say("erase_sure")), h("div.buttons", {},
        h("button.danger", { type: "button", onclick: remove }, say("erase_yes")),
        h("button.second", { type: "button", onclick: () => { delete box.dataset.now; show(); } }, say("erase_no")))),
    }, say("erase"));
    fill(box, waits ? h("p", {}, say("erase_waits"), " ", count("waiting", waits), ".") : [h("p", {}, say("erase_lead")), erase]);
  };
  const remove = async () => {
    if (sheet.unsent + sheet.photosUnsent) { draw(null); return; }
    sync.stop();
    await store.forget(sheet.name, sheet.record.session);
    if (sheet.channel) sheet.channel.postMessage([]);
    location.assign(`/sesiones/${sheet.record.session}`);
  };
  follow(show)();
  return h("section.group", {}, h("h3", {}, say("this_phone")),
    h("p.hint", {}, say("kept_for", { who: sheet.record.person.label || say(sheet.record.person.via === "code" ? "by_code" : "by_account") })), box);
};
