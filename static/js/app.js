/** What script adds to pages that work without it: the summary of errors takes the focus, counts run, and a form is sent once. */

const summary = document.getElementById("error-summary");
if (summary) summary.focus();

/** Characters as the server counts them: code points of the composed text, a line break being one. */
const length = (text) => [...text.normalize("NFC").replaceAll("\r\n", "\n")].length;

for (const field of document.querySelectorAll("[data-limit]")) {
  const line = document.getElementById(`${field.id}-count`);
  if (!line) continue;
  const spoken = document.createElement("span");
  spoken.className = "visually-hidden";
  spoken.setAttribute("aria-live", "polite");
  line.after(spoken);
  let pause;
  const show = () => {
    const left = Number(field.dataset.limit) - length(field.value);
    const words = left < 0 ? line.dataset.over : line.dataset.left;
    line.textContent = words.replace("{n}", Math.abs(left).toLocaleString(document.documentElement.lang));
    line.classList.toggle("is-over", left < 0);
    // Told after a pause in typing: every keystroke would drown what is being written.
    clearTimeout(pause);
    pause = setTimeout(() => { spoken.textContent = left < 20 ? line.textContent : ""; }, 1000);
  };
  field.addEventListener("input", show);
  show();
}

/** A second press of a button on a bad line sends nothing more; after a while, or on coming back, it may be tried again. */
const patience = 15000;
const release = (form) => {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
};
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(release, patience, form);
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
