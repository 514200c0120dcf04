/** Keys for the page of a group. Each presses a button or follows a link that stands on the page, so all works without. */

const KEPT = "consulta.keys";
const words = document.getElementById("key-words").dataset;
const told = document.getElementById("told");
const dialog = document.getElementById("keys");
const switched = document.getElementById("keys-on");

const on = () => {
  try { return localStorage.getItem(KEPT) !== "off"; } catch { return true; }
};
const turn = (wanted) => {
  try { localStorage.setItem(KEPT, wanted ? "on" : "off"); } catch { /* not remembered, still turned */ }
  document.documentElement.dataset.keys = wanted ? "on" : "off";
};
const say = (text) => {
  // The same words once more are only spoken when the place was empty in between.
  told.textContent = "";
  setTimeout(() => { told.textContent = text; }, 50);
};

document.documentElement.dataset.keys = on() ? "on" : "off";
switched.checked = on();
switched.addEventListener("change", () => {
  turn(switched.checked);
  say(switched.checked ? words.on : words.off);
});

const button = (key) => document.querySelector(`[data-key="${CSS.escape(key)}"]`);
const press = (key, otherwise) => {
  const found = button(key);
  if (found) found.click();
  else say(otherwise);
};
const member = () => document.activeElement?.closest?.(".member");
const go = (place) => {
  const box = document.querySelector(`[data-number="${place}"]`);
  if (!box) return;
  box.focus({ preventScroll: true });
  box.closest(".member").scrollIntoView({ block: "nearest" });
};
const within = (selector) => {
  const found = member()?.querySelector(selector);
  if (found) found.click();
  else say(words.pick);
};
const open = (id, first) => {
  const section = document.getElementById(id);
  section.scrollIntoView({ block: "start" });
  (section.querySelector(first) ?? section).focus({ preventScroll: true });
};

const split = () => {
  const found = button("s");
  if (!found) return;
  if (document.querySelector("[name=marked]:checked")) found.click();
  else say(found.dataset.none);
};

const deeds = {
  j: () => press("j", words.last),
  ArrowRight: () => press("j", words.last),
  k: () => press("k", words.first),
  ArrowLeft: () => press("k", words.first),
  x: () => within(".drop"),
  b: () => within(".use-as-base"),
  s: split,
  n: () => press("n"),
  u: () => press("u", words.nothing),
  m: () => open("fusionar", "[name=quick]:checked, [name=quick]"),
  "/": () => open("sumar", "#pull-q"),
  "?": () => { switched.checked = on(); dialog.showModal(); },
};

const writes = (at) => at.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");

document.addEventListener("keydown", (event) => {
  const at = event.target;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const sent = at.closest("#fusionar")?.querySelector("[name=onward]");
    if (sent) { event.preventDefault(); sent.click(); }
    return;
  }
  if (dialog.open || event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (writes(at)) {
    if (event.key === "Escape") at.blur();
    return;
  }
  if (!on()) return;
  // Arrows choose among radio buttons, and scroll a table that does not fit.
  if (event.key.startsWith("Arrow") && (at.type === "radio" || at.closest(".pair-scroll"))) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const deed = /^[1-9]$/.test(key) ? () => go(key) : Object.hasOwn(deeds, key) && deeds[key];
  if (!deed || (event.repeat && !key.startsWith("Arrow"))) return;
  event.preventDefault();
  deed();
});

button("?").addEventListener("click", () => deeds["?"]());
for (const [key, deed] of [["m", deeds.m], ["/", deeds["/"]]]) {
  button(key).addEventListener("click", (event) => { event.preventDefault(); deed(); });
}

/** Another base text is put into the form here and now, so that nothing else that was typed is lost. */
for (const link of document.querySelectorAll(".use-as-base")) {
  link.addEventListener("click", (event) => {
    const title = document.getElementById("title");
    const body = document.getElementById("body");
    if (!title || !body) return;
    event.preventDefault();
    title.value = link.dataset.title;
    body.value = link.dataset.body;
    for (const field of [title, body]) field.dispatchEvent(new Event("input"));
    for (const each of document.querySelectorAll(".member")) {
      const is = each.contains(link);
      each.classList.toggle("is-base", is);
      each.querySelector(".base-tag").hidden = !is;
    }
    say(link.dataset.told);
  });
}

/** After a search its first finding is at hand, once the browser is done with the place that the address names. */
if (new URLSearchParams(location.search).get("q")) {
  const found = document.querySelector(".pull") ?? document.getElementById("pull-q");
  const reach = () => setTimeout(() => found.focus());
  if (document.readyState === "complete") reach();
  else addEventListener("load", reach, { once: true });
}
