/** What was said under each item of the agenda, and what else the minutes need. */

import { fill, h, hidden } from "./dom.js";
import { field, follow, options, standing } from "./fields.js";
import { uid } from "./store.js";
import { say } from "./words.js";

/** The items of the programme in order, and after them the headings that were added in the room. */
export const items = (sheet) => {
  const agenda = sheet.session.agenda || [];
  const known = new Set(agenda.map((each) => each.id));
  const added = sheet.rows("agenda").filter((key) => !known.has(key)).map((id) => ({ id, kind: "heading", title: "", added: true }));
  const struck = (id) => sheet.value("agenda", id, "dropped") === true;
  return [...agenda, ...added].filter(({ id }) => id && !struck(id)).map((each) => ({ ...each, title: sheet.value("agenda", each.id, "title") || each.title }));
};

export const shape = (sheet) => items(sheet).map((each) => each.id).join();
export const progress = (sheet) => {
  const all = items(sheet).filter((each) => each.kind !== "break");
  return [all.filter(({ id }) => sheet.value("agenda", id, "development") || sheet.value("agenda", id, "is_closed")).length, all.length];
};

export const view = (sheet, { draw }) => {
  const add = () => {
    const id = uid();
    sheet.setAll([["agenda", id, "development", ""]]);
    draw(`item-${id}`, "title");
  };
  return [
    h("h2", { tabindex: -1 }, say("development")),
    h("p.lead", {}, say("development_lead")),
    items(sheet).map((each) => item(sheet, each, draw)),
    !sheet.closed && h("div.buttons", {}, h("button.second", { type: "button", onclick: add }, say("add_heading"))),
    rest(sheet),
  ];
};

const item = (sheet, { id, kind, starts, ends, title, added }, draw) => {
  const at = (name) => ["agenda", id, name];
  const name = h("h3", { id: `item-${id}-title` });
  follow(() => { fill(name, (starts || "") && h("span.time", {}, ends ? `${starts}–${ends}` : starts), sheet.value(...at("title")) || title || say("untitled")); })();
  if (kind === "break") return h("article.card.is-break", {}, name);
  const why = field(sheet, at("closed_note"), { label: say("closed_note"), kind: "text", limit: 4000, about: title });
  follow(() => { why.hidden = sheet.value(...at("is_closed")) !== true; })();
  return h("article.card", { id: `item-${id}`, "aria-labelledby": `item-${id}-title` },
    name,
    added && field(sheet, at("title"), { label: say("heading_title"), limit: 1000 }),
    field(sheet, at("development"), { label: say("what_was_said"), kind: "text", limit: 4000, rows: 4, about: title }),
    field(sheet, at("is_closed"), { label: say("was_closed"), hint: say("was_closed_hint"), kind: "flag", about: title }),
    why,
    added && !sheet.closed && h("button.quiet", { type: "button", onclick: () => { sheet.set(...at("dropped"), true); draw(null); } },
      say("take_off"), hidden(`: ${title || say("untitled")}`)),
    standing(sheet, `agenda|${id}|`));
};

const rest = (sheet) => {
  const at = (name) => ["session", "", name];
  const day = field(sheet, at("next_on"), { label: say("next_on"), kind: "day" });
  follow(() => { day.hidden = sheet.value(...at("next_meeting")) !== "dated"; })();
  return h("section.group", {}, h("h3", {}, say("for_minutes")),
    field(sheet, at("statements"), { label: say("room_statements"), hint: say("room_statements_hint"), kind: "lines", limit: 1000 }),
    field(sheet, at("notes"), { label: say("notes"), kind: "text", limit: 4000 }),
    field(sheet, at("started"), { label: say("started"), kind: "time" }),
    field(sheet, at("ended"), { label: say("ended"), kind: "time" }),
    field(sheet, at("next_meeting"), { label: say("next_meeting"), kind: "choice", options: [...options(sheet, "next_meetings"), [null, say("not_noted")]] }),
    day,
    field(sheet, at("prepared_by"), { label: say("prepared_by"), hint: say("prepared_by_hint"), limit: 200 }),
    field(sheet, at("distributed_to"), { label: say("distributed_to"), limit: 300 }),
    standing(sheet, ...["statements", "notes", "started", "ended", "next_", "prepared_by", "distributed_to"].map((name) => `session||${name}`)));
};
