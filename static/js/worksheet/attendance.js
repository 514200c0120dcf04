/** Who came: one card a line, what is ticked most within reach of a thumb, the rest folded away. */

import { fill, h, hidden } from "./dom.js";
import { field, folded, follow, options, standing, unfold } from "./fields.js";
import { counted, heads, lines, warnings } from "./numbers.js";
import { uid } from "./store.js";
import { count, say } from "./words.js";

export const shape = (sheet) => sheet.rows("attendance").join();

export const nameOf = (sheet, key) => {
  const name = sheet.value("attendance", key, "named");
  return name || say("people_without");
};

export const view = (sheet, { draw }) => {
  const sectors = options(sheet, "sectors");
  const rows = sheet.rows("attendance");
  const placed = new Set();
  const groups = [...sectors, [null, say("without_sector")]].map(([sector, title]) => {
    const own = rows.filter((key) => !placed.has(key) && (sector === null || sheet.value("attendance", key, "sector") === sector));
    own.forEach((key) => placed.add(key));
    return own.length ? h("section.group", {}, h("h3", {}, title), own.map((key) => line(sheet, key, sectors, draw))) : null;
  });
  const add = (named) => () => {
    const key = uid();
    sheet.setAll([["attendance", key, "attended", true], ["attendance", key, "convened", false]]);
    unfold(key);
    draw(`line-${key}`, named ? "named" : "sector");
  };
  return [
    h("h2", { tabindex: -1 }, say("attendance")),
    h("p.lead", {}, say("attendance_lead")),
    summary(sheet, sectors),
    warnings(sheet, "session", note(sheet), () => Boolean(sheet.value("session", "", "count_note"))),
    rows.length ? groups : h("p", {}, say("nobody_yet")),
    absent(sheet),
    !sheet.closed && h("div.buttons", {},
      h("button.main", { type: "button", onclick: add(true) }, say("add_institution")),
      h("button.second", { type: "button", onclick: add(false) }, say("add_people"))),
    h("section.group", {}, h("h3", {}, say("about_attendance")),
      field(sheet, ["session", "", "declared_heads"], { label: say("declared_heads"), hint: say("declared_heads_hint"), kind: "number" }),
      field(sheet, ["session", "", "attendance_note"], { label: say("attendance_note"), kind: "text", limit: 4000 }),
      standing(sheet, "session||attendance_note", "session||declared_heads", "session||count_note")),
  ];
};

export const note = (sheet) => field(sheet, ["session", "", "count_note"], {
  label: say("why_numbers"), hint: say("why_numbers_hint"), kind: "text", limit: 4000,
});

const summary = (sheet, sectors) => {
  const box = h("div.summary", { role: "status" });
  follow(() => {
    const all = lines(sheet).filter((each) => each.attended);
    const people = counted(sheet);
    const uncounted = all.filter((each) => each.heads === null || each.heads === undefined).length;
    const of = (sector) => all.filter((each) => each.sector === sector).reduce((sum, each) => sum + (each.heads || 0), 0);
    const parts = sectors.map(([sector, title]) => [title, of(sector)]).filter(([, number]) => number);
    const text = [count("people", people), count("on_list", all.length), uncounted ? count("uncounted", uncounted) : ""].filter(Boolean).join(" · ");
    const now = text + JSON.stringify(parts) + heads(sheet);
    if (box.dataset.now === now) return;
    box.dataset.now = now;
    fill(box, h("p.figure", {}, text), parts.length > 0 && h("p.hint", {}, parts.map(([title, number]) => `${title}: ${number}`).join(" · ")));
  })();
  return box;
};

export const unknown = (sheet) => lines(sheet).filter(({ attended, excused }) => typeof attended !== "boolean" && !excused);

/** Who was not ticked did not come, says the facilitator: without that nobody knows, and the room is not counted. */
const absent = (sheet) => {
  const box = h("div.buttons");
  follow(() => {
    const open = unknown(sheet);
    const some = !sheet.closed && open.length > 0 && lines(sheet).some((each) => each.attended);
    const now = some ? open.length : 0;
    if (box.dataset.now === String(now)) return;
    box.dataset.now = now;
    const mark = () => {
      sheet.setAll(unknown(sheet).map(({ uid: key }) => ["attendance", key, "attended", false]));
      const heading = document.querySelector("#sheet h2");
      if (heading) heading.focus({ preventScroll: true });
    };
    fill(box, now > 0 && h("button.second", { type: "button", onclick: mark }, count("rest_absent", now)));
  })();
  return box;
};

const line = (sheet, key, sectors, draw) => {
  const about = nameOf(sheet, key);
  const at = (name) => ["attendance", key, name];
  const tick = (name, label) => field(sheet, at(name), { label: say(label), kind: "flag", about });
  const number = (name, label) => field(sheet, at(name), { label: say(label), kind: "number", about, small: true });
  const invited = sheet.value(...at("convened")) === true;
  const title = h("h4", { id: `line-${key}-title` });
  follow(() => {
    fill(title, nameOf(sheet, key), sheet.value(...at("network")) && h("span.soft", {}, ` · ${sheet.value(...at("network"))}`),
      invited && hidden(`, ${say("convened")}`));
  })();
  return h("article.card", { id: `line-${key}`, "aria-labelledby": `line-${key}-title` },
    title,
    h("div.ticks", {}, tick("attended", "attended"), tick("excused", "excused"), tick("spoke", "spoke")),
    number("heads", "heads"),
    warnings(sheet, `attendance:${key}`),
    folded(key, [say("more_of_line"), hidden(`: ${about}`)],
      !invited && field(sheet, at("named"), { label: say("institution"), hint: say("institution_hint"), limit: 160, about }),
      field(sheet, at("sector"), { label: say("sector"), kind: "select", options: sectors, about }),
      field(sheet, at("network"), { label: say("network"), limit: 160, about }),
      field(sheet, at("quality"), { label: say("quality"), kind: "select", options: options(sheet, "qualities"), about }),
      options(sheet, "genders").map(([name, label]) => field(sheet, at(name), { label, kind: "number", about, small: true })),
      h("p.hint", {}, say("gender_hint")),
      field(sheet, at("note"), { label: say("note"), limit: 300, about }),
      !sheet.closed && h("button.quiet", {
        type: "button", onclick: () => { sheet.set(...at("dropped"), true); draw(null); },
      }, say("take_off"), hidden(`: ${about}`))),
    standing(sheet, `attendance|${key}|`));
};
