/** What is filled in: each control is tied to one field of the sheet and saves every keystroke. */

import { fill, fresh, h, hidden, tell } from "./dom.js";
import { same } from "./store.js";
import { dispute } from "./merge.js";
import { clock, say } from "./words.js";

let live = []; // what stands on the page now: {paths or mine, update}
/** Forget the controls of a view that is taken off the page. */
export const clear = () => { live = []; };
/** Have `update` called whenever one of the fields changed that `mine` says are its own. */
export const follow = (update) => { live.push(update); return update; };
/** Bring what stands on the page up to date with the sheet. */
export const refresh = (paths) => { for (const update of live) update(paths); };

const HIGHEST = 100000;

/** How a group of fields stands: "guardado aquí, 14:03" or "enviado, 14:03". starts: how their paths begin. */
export const standing = (sheet, ...starts) => {
  const line = h("p.saved");
  follow((paths) => {
    if (paths && paths.size && ![...paths].some((path) => starts.some((start) => path.startsWith(start)))) return;
    const { state, at } = sheet.standing(starts);
    line.dataset.state = state;
    tell(line, state === "empty" ? "" : state === "saving" ? say("saving") : say(state === "sent" ? "sent_at" : "kept_at", { time: clock(at) }));
  })();
  return line;
};

const open = new Set();
/** A part that can be folded away; it stays as it was left when the view is drawn anew. */
export const folded = (key, title, ...children) =>
  h("details", {
    open: open.has(key), ontoggle: (event) => (event.target.open ? open.add(key) : open.delete(key)),
  }, h("summary", {}, title), h("div.inside", {}, children));
/** Have the part of this key stand open when it is drawn next. */
export const unfold = (key) => open.add(key);

/** The choices of a list as the site words them. */
export const options = (sheet, list) => (sheet.document.labels || {})[list] || [];

/**
 * A labelled control for one field.
 * at: [part, key, field]. kind: "line", "text", "number", "day", "time", "flag", "choice", "select", "lines".
 * about: whose it is, read aloud after the label. options: [[word, label]] of choice and select.
 */
export const field = (sheet, at, { label, kind = "line", about = "", hint = "", limit = 0, options = [], rows = 3, list = null, changed = null, small = false }) => {
  const path = at.join("|");
  const id = fresh();
  const described = fresh();
  const put = (value) => {
    const before = sheet.value(...at);
    if (same(before, value) && !(sheet.field(...at) || {}).refused) return;
    if (changed) changed(value, () => sheet.set(...at, value));
    else sheet.set(...at, value);
  };
  const make = { line: textual, text: textual, number: stepper, day: dated, time: dated, flag: toggle, choice, select, lines }[kind];
  const control = make({ sheet, at, path, id, described, put, label, kind, about, limit, options, rows, list });
  const note = h("div", { id: described });
  const update = (force = false) => {
    const there = sheet.field(...at);
    const own = sheet.conflicts.get(path);
    if (force || sheet.focused !== path) control.show(there ? there.value : null);
    const wrong = there && there.refused;
    box.classList.toggle("is-wrong", Boolean(wrong || own));
    control.mark(Boolean(wrong));
    const now = JSON.stringify([wrong, own && own.theirs, own && own.yours, own && there && there.value, there && there.late]);
    if (now === note.dataset.now) return;
    note.dataset.now = now;
    fill(
      note,
      wrong && h("p.wrong", {}, say("refused", { reason: wrong })),
      there && there.late && h("p.wrong", {}, say("late")),
      own && dispute(sheet, path, label, words(options)),
    );
  };
  const title = [label, about && hidden(`: ${about}`)];
  const explained = hint && h("p.hint", { id: `${described}-hint` }, hint);
  const box = ["choice", "lines"].includes(kind)
    ? h("fieldset.field", {}, h("legend", {}, title), explained, control.element, note)
    : kind === "flag"
      ? h("div.field.is-flag", {}, control.element, h("label", { for: id }, title), explained, note)
      : h(small ? "div.field.is-small" : "div.field", {}, h("label", { for: id }, title), explained, control.element, note);
  box.dataset.field = at[2];
  follow((paths) => { if (!paths || !paths.size || paths.has(path) || note.firstChild) update(); });
  update(true);
  return box;
};

const words = (options) => (value) => (options.find(([word]) => same(word, value)) || [])[1];

/** Tell the sheet which field somebody is in, and save what a keyboard changes. */
const watched = (element, { sheet, path, put, closed }, read) => {
  element.addEventListener("focus", () => sheet.focus(path));
  element.addEventListener("blur", () => sheet.blur(path));
  element.addEventListener("input", () => put(read()));
  if (closed) element.disabled = true;
  return element;
};

const textual = ({ sheet, path, id, described, put, kind, limit, rows, list }) => {
  const tag = kind === "text" ? "textarea" : "input";
  const element = h(tag, {
    id, "aria-describedby": described, maxlength: limit || null, rows: kind === "text" ? rows : null, list,
    autocomplete: "off", type: kind === "line" ? "text" : null, disabled: sheet.closed,
  });
  const grow = () => {
    if (kind !== "text" || !element.isConnected) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight + 2}px`;
  };
  watched(element, { sheet, path, put }, () => { grow(); return element.value; });
  element.addEventListener("focus", grow);
  return {
    element, mark: invalid(element),
    show: (value) => { if (element.value !== (value || "")) element.value = value || ""; },
  };
};

const invalid = (element) => (wrong) => (wrong ? element.setAttribute("aria-invalid", "true") : element.removeAttribute("aria-invalid"));

const stepper = ({ sheet, path, id, described, put, label, about, limit }) => {
  const highest = limit || HIGHEST;
  const read = () => {
    const digits = element.value.replace(/\D/g, "").slice(0, String(highest).length);
    if (digits !== element.value) element.value = digits;
    return digits === "" ? null : Math.min(Number(digits), highest);
  };
  const element = watched(
    h("input", { id, "aria-describedby": described, type: "text", inputmode: "numeric", pattern: "[0-9]*", autocomplete: "off", disabled: sheet.closed }),
    { sheet, path, put }, read,
  );
  const step = (by) => {
    const value = Math.max(0, Math.min(highest, (read() || 0) + by));
    element.value = String(value);
    put(value);
  };
  element.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    step(event.key === "ArrowUp" ? 1 : -1);
  });
  const name = about ? `${label}, ${about}` : label;
  const button = (mark, by, text) => h("button", {
    type: "button", disabled: sheet.closed, "aria-label": say(text, { name }), onclick: () => step(by),
  }, mark);
  return {
    element: h("div.stepper", {}, button("−", -1, "one_less"), element, button("+", 1, "one_more")),
    mark: invalid(element),
    show: (value) => {
      const text = value === null || value === undefined ? "" : String(value);
      if (element.value !== text) element.value = text;
    },
  };
};

const dated = ({ sheet, path, id, described, put, kind }) => {
  const type = kind === "day" ? "date" : "time";
  const element = h("input", { id, "aria-describedby": described, type, disabled: sheet.closed });
  watched(element, { sheet, path, put }, () => element.value || null);
  return { element, mark: invalid(element), show: (value) => { if (element.value !== (value || "")) element.value = value || ""; } };
};

const toggle = ({ sheet, path, id, described, put }) => {
  const element = h("input", { id, "aria-describedby": described, type: "checkbox", disabled: sheet.closed });
  watched(element, { sheet, path, put }, () => element.checked);
  return { element, mark: invalid(element), show: (value) => { element.checked = value === true; } };
};

const choice = ({ sheet, path, id, described, put, options }) => {
  const inputs = options.map(([word, text], at) => {
    const input = h("input", { id: `${id}-${at}`, type: "radio", name: id, disabled: sheet.closed });
    watched(input, { sheet, path, put }, () => word);
    return [word, input, h("div.pill", {}, input, h("label", { for: `${id}-${at}` }, text))];
  });
  return {
    element: h("div.pills", { "aria-describedby": described }, inputs.map(([, , box]) => box)),
    mark: () => {},
    show: (value) => { for (const [word, input] of inputs) input.checked = same(word, value); },
  };
};

const select = ({ sheet, path, id, described, put, options }) => {
  const element = h("select", { id, "aria-describedby": described, disabled: sheet.closed },
    h("option", { value: "" }, say("choose")), options.map(([word, text]) => h("option", { value: String(word) }, text)));
  watched(element, { sheet, path, put }, () => {
    const found = options.find(([word]) => String(word) === element.value);
    return found ? found[0] : null;
  });
  return { element, mark: invalid(element), show: (value) => { element.value = value === null || value === undefined ? "" : String(value); } };
};

/** A list of texts, one field: each in a box of its own, with a button for one more. */
const lines = ({ sheet, path, put, label, about, limit }) => {
  const list = h("ol.lines");
  const name = about ? `${label}, ${about}` : label;
  const read = () => [...list.querySelectorAll("textarea")].map((each) => each.value);
  const add = (text = "") => {
    const number = list.children.length + 1;
    const area = h("textarea", { rows: 2, maxlength: limit || null, "aria-label": say("line_of", { name, n: number }), value: text, disabled: sheet.closed });
    watched(area, { sheet, path, put }, read);
    const remove = h("button.quiet", {
      type: "button", "aria-label": say("remove_line", { name, n: number }), disabled: sheet.closed,
      onclick: () => { const at = read(); at.splice([...list.children].indexOf(line), 1); show(at); put(at); more.focus(); },
    }, say("remove"));
    const line = h("li", {}, area, remove);
    list.append(line);
    return area;
  };
  const show = (value) => {
    const wanted = value || [];
    const shown = read();
    // An empty box that was just opened is no difference.
    if (same(wanted, shown.filter((text) => text.trim())) && shown.length >= wanted.length) return;
    if (same(wanted, shown)) return;
    fill(list);
    wanted.forEach((text) => add(text));
  };
  const more = h("button.second", { type: "button", disabled: sheet.closed, onclick: () => add().focus() }, say("add_line"));
  return { element: h("div", {}, list, more), mark: () => {}, show };
};
