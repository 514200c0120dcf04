/** The proposals, with how far the room is; and the sheet of one of them. */

import { fill, h, hidden, tell } from "./dom.js";
import { field, folded, follow, options, standing } from "./fields.js";
import { isDone, proposals, warnings } from "./numbers.js";
import { photos } from "./photos.js";
import { count, say } from "./words.js";
import { LEVELS, VOTES } from "./checks.js";

const TEXTS = ["reasons", "reasons_against", "dissent", "requests", "statements", "missing_actors"];
let words = "", shown = "all";

export const shape = (sheet, [key]) => (key ? `${key}:${proposals(sheet).length}` : proposals(sheet).map((each) => each.key).join());
export const progress = (sheet) => {
  const all = proposals(sheet);
  return [all.filter(({ key }) => isDone(sheet, key)).length, all.length];
};

export const view = (sheet, context) => (context.rest[0] ? one(sheet, context) : list(sheet, context));

const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

const badge = (sheet, key) => {
  const outcome = sheet.value("result", key, "outcome");
  const label = (options(sheet, "outcomes").find(([word]) => word === outcome) || [])[1];
  if (outcome === "group") return say("group_of", { n: sheet.value("result", key, "group_number") || "?" });
  return outcome && outcome !== "none" ? label : sheet.value("result", key, "discussed") ? say("discussed") : "";
};

const list = (sheet, { sync }) => {
  const all = proposals(sheet);
  const told = h("p.figure", { role: "status" });
  const items = all.map((each) => {
    const mark = h("span.badge");
    const item = h("li", {}, h("a.item", { href: `#propuestas/${each.key}` },
      h("span.item-title", {}, each.reference ? `${each.reference}. ${each.title}` : each.title), mark));
    return { ...each, item, mark, text: plain(`${each.reference || ""} ${each.code || ""} ${each.title}`) };
  });
  const sift = () => {
    for (const { item, key, text, mark } of items) {
      const done = isDone(sheet, key);
      tell(mark, badge(sheet, key) || say("to_note"));
      mark.dataset.done = done ? "yes" : "no";
      item.hidden = !text.includes(plain(words)) || (shown === "open" && done) || (shown === "done" && !done);
    }
    const [done, whole] = progress(sheet);
    const seen = items.filter(({ item }) => !item.hidden).length;
    tell(told, say("proposals_done", { done, all: whole }) + (seen < whole ? ` · ${count("shown", seen)}` : ""));
  };
  follow(sift)();
  const search = h("input", { id: "search", type: "search", value: words, autocomplete: "off", oninput: (event) => { words = event.target.value; sift(); } });
  const pill = (value) => h("div.pill", {},
    h("input", { type: "radio", name: "shown", id: `shown-${value}`, checked: shown === value, onchange: () => { shown = value; sift(); } }),
    h("label", { for: `shown-${value}` }, say(`shown_${value}`)));
  return [
    h("h2", { tabindex: -1 }, say("proposals")),
    told,
    all.length > 6 && h("div.field", {}, h("label", { for: "search" }, say("search")), search),
    all.length > 6 && h("fieldset.field", {}, h("legend.hidden", {}, say("show_which")), h("div.pills", {}, ["all", "open", "done"].map(pill))),
    h("ul.items", {}, items.map(({ item }) => item)),
    !all.length && h("p", {}, say("no_proposals")),
    !sheet.closed && h("p", {}, h("a.button.second", { href: "#nuevas" }, say("room_made_new"))),
    further(sheet, sync),
  ];
};

/** A proposal that is not on this phone yet, by its code. */
const further = (sheet, sync) => {
  const input = h("input", { id: "further", type: "text", autocomplete: "off", autocapitalize: "off" });
  const answer = h("p.hint", { role: "status" });
  const fetch = async () => {
    const code = (input.value.trim().match(/\w+$/) || [""])[0].toLowerCase();
    if (!code) return;
    if (proposals(sheet).some((each) => each.key === code)) { location.hash = `#propuestas/${code}`; return; }
    sync.extra.add(code);
    try {
      await sync.refresh();
      if (proposals(sheet).some((each) => each.key === code)) location.hash = `#propuestas/${code}`;
      else { sync.extra.delete(code); tell(answer, say("no_such_code")); }
    } catch {
      tell(answer, say("needs_line"));
    }
  };
  return folded("further", say("further"), h("div.field", {},
    h("label", { for: "further" }, say("further_code")), h("p.hint", {}, say("further_hint")), input),
  h("button.second", { type: "button", onclick: fetch }, say("fetch_it")), answer);
};

const one = (sheet, { rest: [key] }) => {
  const all = proposals(sheet);
  const at = all.findIndex((each) => each.key === key);
  if (at < 0) return [h("h2", { tabindex: -1 }, say("proposals")), h("p", {}, say("not_on_phone")), h("a.button.second", { href: "#propuestas" }, say("back_to_list"))];
  const { title, body, reference, code, theme } = all[at];
  const place = (name) => ["result", key, name];
  const number = (name, label) => field(sheet, place(name), { label, kind: "number", small: true });
  const group = field(sheet, place("group_number"), { label: say("group_number"), kind: "number", limit: 999, small: true });
  follow(() => { group.hidden = sheet.value(...place("outcome")) !== "group"; })();
  const worded = (list, name) => (options(sheet, list).find(([word]) => word === name) || [name, name])[1];
  const themes = sheet.document.themes || [];
  const about = themes.find((each) => each.id === theme || each.title === theme);
  return [
    h("p.crumb", {}, h("a", { href: "#propuestas" }, say("all_proposals")), ` · ${say("n_of", { n: at + 1, all: all.length })}`),
    h("h2", { tabindex: -1 }, reference ? `${reference}. ${title}` : title),
    h("p.soft", {}, [code, about && about.title].filter(Boolean).join(" · ")),
    standing(sheet, `result|${key}|`),
    body && folded(`body-${key}`, say("read_it"), h("p.written", {}, body)),
    field(sheet, place("outcome"), { label: say("outcome"), kind: "choice", options: options(sheet, "outcomes") }),
    group,
    field(sheet, place("discussed"), { label: say("was_discussed"), kind: "flag" }),
    field(sheet, place("grade"), { label: say("grade"), kind: "choice", options: [...options(sheet, "grades"), [null, say("not_noted")]] }),
    h("fieldset.group", {}, h("legend", {}, say("levels")), h("p.hint", {}, say("levels_hint")),
      LEVELS.map((name) => number(name, worded("levels", name))), sum(sheet, key, LEVELS)),
    h("fieldset.group", {}, h("legend", {}, say("votes")), VOTES.map((name) => number(name, worded("votes", name))), sum(sheet, key, VOTES)),
    h("fieldset.group", {}, h("legend", {}, say("dots")), h("p.hint", {}, dotRule(sheet)), number("dots", say("dots_of_it"))),
    warnings(sheet, `result:${key}`,
      field(sheet, place("count_note"), { label: say("why_numbers"), hint: say("why_numbers_hint"), kind: "text", limit: 4000 }),
      () => Boolean(sheet.value(...place("count_note")))),
    TEXTS.map((name) => field(sheet, place(name), { label: say(name), hint: say(`${name}_hint`), kind: "text", limit: 4000 })),
    photos(sheet, key, title),
    standing(sheet, `result|${key}|`),
    h("nav.turn", { "aria-label": say("turn") },
      at > 0 ? h("a.button.second", { href: `#propuestas/${all[at - 1].key}` }, say("previous"), hidden(`: ${all[at - 1].title}`)) : h("span"),
      at + 1 < all.length && h("a.button.main", { href: `#propuestas/${all[at + 1].key}` }, say("next"), hidden(`: ${all[at + 1].title}`))),
  ];
};

const dotRule = (sheet) => {
  const { dots_per_person: person, dots_per_proposal: each } = sheet.session;
  if (!person) return say("no_dot_rule");
  return each ? say("dot_rule_each", { n: person, each }) : count("dot_rule", person);
};

const sum = (sheet, key, names) => {
  const line = h("p.hint", { role: "status" });
  follow(() => {
    const given = names.map((name) => sheet.value("result", key, name)).filter((value) => value !== null && value !== undefined);
    tell(line, given.length ? count("sum", given.reduce((all, value) => all + value, 0)) : "");
  })();
  return line;
};
