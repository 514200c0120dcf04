/** Two wrote the same field: both versions side by side, and whoever is here chooses one or writes a third. */

import { h } from "./dom.js";
import { clock, say } from "./words.js";

let here = null;
/** Tell this module which device it runs on: what was written here is called so. */
export const onDevice = (device) => { here = device; };

/** A value as a person reads it. */
export const shown = (value, words = () => undefined) => {
  const known = words(value);
  if (known) return known;
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length)) return say("empty_value");
  if (value === true || value === false) return say(value ? "yes" : "no");
  return Array.isArray(value) ? value.join("\n") : String(value);
};

/** Where a version was written, by whom and when, as far as the site told. */
const who = ({ device, by, at }) => {
  const place = say(device === here ? "version_here" : device ? "version_other" : "version_forms");
  return [place, device !== here && by, at && clock(at)].filter(Boolean).join(", ");
};

/** The versions of the conflict at `path`, each with a button, and one for what stands in the field above. */
export const dispute = (sheet, path, label, words) => {
  const { theirs, yours, part, key, field } = sheet.conflicts.get(path);
  const there = sheet.value(part, key, field);
  const versions = [theirs, ...yours];
  const is = (value) => JSON.stringify(value) === JSON.stringify(there);
  const third = !versions.some((version) => is(version.value));
  const choose = (value) => h("button.second", { type: "button", disabled: sheet.closed, onclick: () => sheet.settle(path, value) });
  const option = (version) => {
    const button = choose(version.value);
    button.append(say("keep_this"), h("span.hidden", {}, `: ${label}, ${who(version)}`));
    return h("li", {}, h("p.who", {}, who(version)), h("p.version", {}, shown(version.value, words)), button);
  };
  const own = choose(there);
  own.append(say("keep_third"));
  return h("div.dispute", { role: "group", "aria-label": say("dispute_of", { label }) },
    h("p.dispute-title", {}, say("dispute")),
    h("ul", {}, versions.map(option)),
    third
      ? h("div", {}, h("p.who", {}, say("third")), h("p.version", {}, shown(there, words)), own)
      : h("p.hint", {}, say("write_third")));
};
