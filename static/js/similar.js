/** Proposals like what is being written, under its title. Without script the next step of the form shows them. */

const region = document.querySelector("[data-similar]");
const status = document.querySelector("[data-similar-status]");
const pointer = document.querySelector("[data-similar-pointer]");
const title = document.getElementById("title");
const body = document.getElementById("body");
const different = document.getElementById("different");
const words = region.dataset;

const pause = navigator.connection?.saveData ? 1500 : 400;  // milliseconds without a key before anything is asked
const longest = 1500;  // bytes of an address that title and text may each take: servers refuse addresses of 4 kB
const answers = new Map();  // what was answered for a text: the same text is not asked for twice
const kept = 20;

const aside = () => different.value.split(" ").filter(Boolean);

/** As much of a text as fits in `longest` bytes of an address, spaces folded. */
const beginning = (field) => {
  let text = "", size = 0;
  for (const letter of field.value.slice(0, longest).replace(/\p{Surrogate}|\0/gu, "").replace(/\s+/gu, " ").trim()) {
    const sent = encodeURIComponent(letter).length;
    size += sent === 1 && !/[\w.*-]/u.test(letter) ? 3 : sent;
    if (size > longest) break;
    text += letter;
  }
  return text;
};

const says = (text) => text.length >= 12 || text.split(" ").length >= 3;

/** Change the list without moving what is being written, wherever the page stands. */
const inPlace = (change) => {
  const at = document.activeElement;
  const before = at.getBoundingClientRect().top;
  change();
  const moved = at.isConnected && at !== document.body ? at.getBoundingClientRect().top - before : 0;
  if (moved) scrollBy(0, moved);
};

let told = "";
const count = () => {
  const codes = [...region.querySelectorAll("[data-code]")].map((item) => item.dataset.code);
  const sentence = (codes.length === 1 ? words.one : words.many).replace("{n}", codes.length);
  const heading = region.querySelector(".similar-title");
  if (heading) heading.textContent = sentence;
  pointer.hidden = !codes.length;
  pointer.querySelector("a").textContent = sentence;
  if (codes.join() !== told) status.textContent = codes.length ? sentence : told && words.none;
  told = codes.join();
};

let waiting = null;
const show = (answer) => {
  // Whoever is in the list reads it: a newer one waits until they leave.
  if (region.matches(":focus-within")) { waiting = answer; return; }
  const holder = document.createElement("template");
  holder.innerHTML = answer;
  for (const code of aside()) holder.content.querySelector(`[data-code="${CSS.escape(code)}"]`)?.remove();
  if (!holder.content.querySelector("[data-code]")) holder.innerHTML = "";
  inPlace(() => { region.replaceChildren(holder.content); count(); });
};
region.addEventListener("focusout", (event) => {
  if (waiting === null || region.contains(event.relatedTarget)) return;
  const answer = waiting;
  waiting = null;
  setTimeout(show, 0, answer);
});

let wanted = "", asking;
const look = async () => {
  const texts = { titulo: beginning(title), texto: beginning(body) };
  const key = JSON.stringify(texts);
  if (key === wanted) return;
  wanted = key;
  asking?.abort();
  if (!says(`${texts.titulo} ${texts.texto}`.trim())) { show(""); return; }
  let answer = answers.get(key);
  if (answer === undefined) {
    asking = new AbortController();
    try {
      const query = new URLSearchParams({ ...texts, distintas: aside().slice(-20).join(" ") });
      if (words.own) query.set("borrador", words.own);
      const response = await fetch(`${words.similar}?${query}`, { signal: asking.signal });
      if (!response.ok || response.redirected) throw new Error(response.status);
      answer = await response.text();
    } catch {
      if (key === wanted) wanted = "";  // a bad line is no news to whoever writes; the next pause asks again
      return;
    }
    answers.set(key, answer);
    if (answers.size > kept) answers.delete(answers.keys().next().value);
  }
  if (key === wanted) { waiting = null; show(answer); }
};

let timer;
const later = (event) => {
  if (event.isComposing) return;
  clearTimeout(timer);
  timer = setTimeout(look, pause);
};
title.addEventListener("input", later);
body.addEventListener("input", later);
addEventListener("pageshow", look);  // a form that came back with something missing, or from the browser's history

/** Put a sentence where the button was, and the focus with it. */
const say = (place, text, kind) => {
  const line = document.createElement("p");
  line.className = kind;
  line.tabIndex = -1;
  line.textContent = text;
  place.replaceWith(line);
  line.focus();
  status.textContent = text;
};

const support = async (button) => {
  if (button.getAttribute("aria-disabled")) return;
  button.setAttribute("aria-disabled", "true");
  const token = title.form.elements.csrf_token?.value ?? "";
  let answer;
  try {
    const response = await fetch(button.dataset.support, {
      method: "POST", body: new URLSearchParams({ csrf_token: token }), headers: { Accept: "application/json" },
    });
    answer = response.redirected ? {} : await response.json();
  } catch {
    answer = {};
  }
  answers.clear();  // they say how many support each, and whether this person does
  if (answer.told) {
    button.closest("[data-code]").querySelector(".meta li").textContent = answer.supporters;
    say(button, `${answer.told} ${words.enough}`, "yours");
  } else if (answer.reason) {
    say(button, answer.reason, "soft small");
  } else {
    button.removeAttribute("aria-disabled");
    status.textContent = words.failed;
    let line = button.parentElement.querySelector(".similar-failed");
    if (!line) {
      line = document.createElement("p");
      line.className = "similar-failed small";
      button.parentElement.append(line);
    }
    line.textContent = words.failed;
  }
};

const putAside = (item) => {
  different.value = [...aside(), item.dataset.code].join(" ");
  const next = item.nextElementSibling ?? item.previousElementSibling;
  if (next) {
    next.querySelector("a").focus();
    inPlace(() => item.remove());
  } else {
    title.focus();
    region.replaceChildren();
  }
  count();
};

region.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.support) support(button);
  else putAside(button.closest("[data-code]"));
});
