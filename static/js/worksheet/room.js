/** Proposals that the room made: written here, with a code on paper for whoever made them, public when they are ready. */

import { newCode } from "./codes.js";
import { fill, h, hidden } from "./dom.js";
import { field, follow, options, standing } from "./fields.js";
import { uid } from "./store.js";
import { say } from "./words.js";

const FIELDS = ["title", "body", "theme", "institution", "sector", "tracking_code"];
const publicOf = (sheet, key) => (sheet.document.room || {})[key];

export const shape = (sheet, [key, slip]) => (slip ? `${key}-slip` : sheet.rows("proposal")
  .map((each) => [each, sheet.value("proposal", each, "ready") === true, Boolean(publicOf(sheet, each))].join(":")).join());
export const number = (sheet) => sheet.rows("proposal").length;

export const view = (sheet, context) => {
  const { draw, rest: [key, slip] } = context;
  if (slip === "talon") return talon(sheet, key);
  const add = () => {
    const made = uid();
    sheet.setAll([["proposal", made, "title", ""], ["proposal", made, "tracking_code", newCode()]]);
    draw(`made-${made}`, "title");
  };
  const rows = sheet.rows("proposal");
  return [
    h("h2", { tabindex: -1 }, say("room_proposals")),
    h("p.lead", {}, say("room_proposals_lead")),
    rows.length ? rows.map((each) => card(sheet, each, draw)) : h("p", {}, say("no_room_proposals")),
    !sheet.closed && h("div.buttons", {}, h("button.main", { type: "button", onclick: add }, say("add_proposal"))),
  ];
};

const card = (sheet, key, draw) => {
  const at = (name) => ["proposal", key, name];
  const there = publicOf(sheet, key);
  const ready = sheet.value(...at("ready")) === true;
  const title = h("h3", { id: `made-${key}-title` });
  follow(() => { fill(title, sheet.value(...at("title")) || say("untitled")); })();
  const about = sheet.value(...at("title")) || say("untitled");
  const code = h("p.code", {}, say("tracking_code"), " ", h("strong", {}, sheet.value(...at("tracking_code")) || ""));
  const actions = h("div.buttons", {},
    h("a.button.second", { href: `#nuevas/${key}/talon` }, say("slip"), hidden(`: ${about}`)),
    h("a.button.second", { href: `#propuestas/${there ? there.code : key}` }, say("note_result"), hidden(`: ${about}`)));
  if (there || ready) {
    return h("article.card", { id: `made-${key}`, "aria-labelledby": `made-${key}-title` },
      title, h("p.written", {}, sheet.value(...at("body")) || ""), code,
      h("p.told", {}, there ? say("is_public", { code: there.code }) : say("will_be_public")), actions,
      !there && !sheet.closed && h("button.quiet", { type: "button", onclick: () => { sheet.set(...at("ready"), false); draw(`made-${key}`, "title"); } },
        say("correct_it"), hidden(`: ${about}`)),
      standing(sheet, `proposal|${key}|`));
  }
  const problem = h("p.wrong", { role: "alert" });
  const publish = () => {
    const missing = ["title", "body"].filter((name) => !(sheet.value(...at(name)) || "").trim());
    if (missing.length) {
      fill(problem, say(`missing_${missing[0]}`));
      return;
    }
    // All of it travels in one batch: it becomes public as it is now, or not at all.
    sheet.setAll([...FIELDS.map((name) => [...at(name), sheet.value(...at(name))]), [...at("ready"), true]], `ready-${uid()}`);
    draw(`made-${key}`);
  };
  const sector = field(sheet, at("sector"), { label: say("sector_of_institution"), kind: "select", options: options(sheet, "sectors"), about });
  follow(() => { sector.hidden = !sheet.value(...at("institution")); })();
  return h("article.card", { id: `made-${key}`, "aria-labelledby": `made-${key}-title` },
    title,
    field(sheet, at("title"), { label: say("title"), limit: 200 }),
    field(sheet, at("body"), { label: say("text"), hint: say("text_hint"), kind: "text", limit: 6000, rows: 5, about }),
    field(sheet, at("theme"), { label: say("theme"), kind: "select", options: (sheet.document.themes || []).map((each) => [each.id, each.title]), about }),
    field(sheet, at("institution"), { label: say("institution_of"), hint: say("institution_of_hint"), limit: 160, about }),
    sector,
    code, actions, problem,
    !sheet.closed && h("div.buttons", {},
      h("button.main", { type: "button", onclick: publish }, say("make_public"), hidden(`: ${about}`)),
      h("button.quiet", { type: "button", onclick: () => { sheet.set(...at("dropped"), true); draw(null); } }, say("take_off"), hidden(`: ${about}`))),
    h("p.hint", {}, say("make_public_hint")),
    standing(sheet, `proposal|${key}|`));
};

/** The slip that whoever made it takes home: it prints alone. */
const talon = (sheet, key) => {
  const code = sheet.value("proposal", key, "tracking_code");
  if (!code) return [h("h2", { tabindex: -1 }, say("slip")), h("p", {}, say("not_on_phone"))];
  return [
    h("p.crumb", {}, h("a", { href: "#nuevas" }, say("room_proposals"))),
    h("h2", { tabindex: -1 }, say("slip")),
    h("p.lead", {}, say("slip_lead")),
    h("section.slip", { "aria-label": say("slip") },
      h("p.slip-title", {}, sheet.value("proposal", key, "title") || say("untitled")),
      h("p", {}, say("slip_made", { session: sheet.session.title })),
      h("p.slip-code", {}, code),
      h("p", {}, say("slip_where", { address: `${location.host}/seguimiento` })),
      h("p.soft", {}, say("slip_keep"))),
    h("div.buttons", {}, h("button.main", { type: "button", onclick: () => window.print() }, say("print_slip"))),
  ];
};
