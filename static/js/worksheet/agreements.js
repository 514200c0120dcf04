/** What the room agreed: tasks, rules and what was put off, with whoever answers for each. */

import { fill, h, hidden } from "./dom.js";
import { field, follow, options, standing } from "./fields.js";
import { items } from "./development.js";
import { nameOf } from "./attendance.js";
import { uid } from "./store.js";
import { say } from "./words.js";

export const shape = (sheet) => sheet.rows("agreement").join();
export const number = (sheet) => sheet.rows("agreement").length;

export const view = (sheet, { draw }) => {
  const kinds = options(sheet, "kinds");
  const add = () => {
    const key = uid();
    sheet.setAll([["agreement", key, "kind", "task"]]);
    draw(`agreed-${key}`, "text");
  };
  const rows = sheet.rows("agreement");
  const owners = [...new Set(sheet.rows("attendance").filter((key) => sheet.value("attendance", key, "named")).map((key) => nameOf(sheet, key)))];
  return [
    h("h2", { tabindex: -1 }, say("agreements")),
    h("p.lead", {}, say("agreements_lead")),
    h("datalist", { id: "owners" }, owners.map((name) => h("option", { value: name }))),
    rows.length ? rows.map((key, at) => card(sheet, key, at, kinds, draw)) : h("p", {}, say("no_agreements")),
    !sheet.closed && h("div.buttons", {}, h("button.main", { type: "button", onclick: add }, say("add_agreement"))),
  ];
};

const card = (sheet, key, at, kinds, draw) => {
  const place = (name) => ["agreement", key, name];
  const about = say("agreement_n", { n: at + 1 });
  const title = h("h3", { id: `agreed-${key}-title` });
  follow(() => {
    const kind = kinds.find(([word]) => word === sheet.value(...place("kind")));
    fill(title, kind ? `${about} · ${kind[1]}` : about);
  })();
  return h("article.card", { id: `agreed-${key}`, "aria-labelledby": `agreed-${key}-title` },
    title,
    field(sheet, place("kind"), { label: say("kind"), kind: "choice", options: kinds, about }),
    field(sheet, place("text"), { label: say("agreed_text"), kind: "text", limit: 1000, about }),
    field(sheet, place("owner"), { label: say("owner"), hint: say("owner_hint"), limit: 320, list: "owners", about }),
    field(sheet, place("due_on"), { label: say("due_on"), hint: say("due_on_hint"), kind: "day", about }),
    field(sheet, place("due_note"), { label: say("due_note"), hint: say("due_note_hint"), limit: 120, about }),
    field(sheet, place("item"), { label: say("under_item"), kind: "select", about, options: items(sheet).filter((each) => each.kind !== "break").map((each) => [each.id, each.title || say("untitled")]) }),
    field(sheet, place("terms"), { label: say("terms"), hint: say("terms_hint"), kind: "lines", limit: 1000, about }),
    !sheet.closed && h("button.quiet", { type: "button", onclick: () => { sheet.set(...place("dropped"), true); draw(null); } }, say("take_off"), hidden(`: ${about}`)),
    standing(sheet, `agreement|${key}|`));
};
