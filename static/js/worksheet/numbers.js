/** The sheet as rows, and what its numbers say: counts for the tabs, disagreements in words beside what they are about. */

import { disagreements, headsInRoom } from "./checks.js";
import { fill, h } from "./dom.js";
import { follow } from "./fields.js";
import { say } from "./words.js";

export const lines = (sheet) => sheet.rows("attendance").map((uid) => {
  const row = sheet.row("attendance", uid);
  return { ...row, uid, name: row.named };
});

/** The key of a proposal's result: its code, or the uid of one that the room made and the site does not know yet. */
export const proposals = (sheet) => {
  const room = sheet.document.room || {};
  const made = sheet.rows("proposal").filter((uid) => !room[uid]).map((uid) => ({
    key: uid, title: sheet.value("proposal", uid, "title") || say("untitled"), body: sheet.value("proposal", uid, "body") || "", own: true,
  }));
  return [...sheet.document.proposals.map((each) => ({ ...each, key: each.code })), ...made];
};

export const results = (sheet) => proposals(sheet)
  .filter(({ key }) => (sheet.rowsOf.get("result") || new Map()).has(key))
  .map(({ key, title }) => ({ code: key, title, ...sheet.row("result", key) }));

/** Whether the room said what becomes of it, or at least that it spoke of it. */
export const isDone = (sheet, key) => {
  const outcome = sheet.value("result", key, "outcome");
  return Boolean((outcome && outcome !== "none") || sheet.value("result", key, "discussed"));
};

const whole = (sheet) => ({
  ...sheet.row("session", ""), dots_per_person: sheet.session.dots_per_person, dots_per_proposal: sheet.session.dots_per_proposal,
});

let known = {};
/** The disagreements of the sheet as it stands, worked out once for each change. */
export const found = (sheet) => {
  if (known.sheet !== sheet || known.revision !== sheet.revision) {
    known = { sheet, revision: sheet.revision, found: disagreements(whole(sheet), lines(sheet), results(sheet)) };
  }
  return known.found;
};
export const heads = (sheet) => headsInRoom(whole(sheet), lines(sheet));
/** How many people are on the list as present, by the numbers that are there. */
export const counted = (sheet) => lines(sheet).reduce((sum, line) => sum + (line.attended ? line.heads || 0 : 0), 0);

/** A disagreement in the words of the site. */
export const sentence = ({ kind, counted: number, most, heads: people, each, title, name }) =>
  say(`check_${kind}`, { counted: number, most, heads: people, each, title, name: name || say("people_without") });

/**
 * The disagreements at one place, kept up to date; `note` is the field that explains them, shown while there are any
 * (or it holds something).
 */
export const warnings = (sheet, place, note = null, noted = () => false) => {
  const list = h("div", { role: "status" });
  const box = h("div.checks", {}, list, note);
  follow(() => {
    const here = found(sheet).filter((each) => each.place === place);
    const text = here.map(sentence).join("\n");
    if (list.dataset.now !== text) {
      list.dataset.now = text;
      fill(list, here.map((each) => h("p.check", {}, sentence(each))));
    }
    if (note) note.hidden = !here.length && !noted();
    box.hidden = !here.length && (!note || note.hidden);
  })();
  return box;
};
