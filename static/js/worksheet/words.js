/** What the sheet says, in the language of the page; the words stand in the page itself (consulta/web/sheet_words.py). */

const words = JSON.parse(document.getElementById("words").textContent);
const language = document.documentElement.lang;
const number = new Intl.NumberFormat(language === "es" ? "es-CL" : language);
const hour = new Intl.DateTimeFormat(language === "es" ? "es-CL" : language, { hour: "2-digit", minute: "2-digit", hour12: false });
const day = new Intl.DateTimeFormat(language === "es" ? "es-CL" : language, { day: "numeric", month: "long" });

/** The sentence of this name, its {gaps} filled; numbers are written as the language writes them. */
export const say = (name, values = {}) => {
  let text = words[name];
  if (text === undefined) throw new Error(`no words for ${name}`);
  for (const [gap, value] of Object.entries(values)) {
    text = text.split(`{${gap}}`).join(typeof value === "number" ? number.format(value) : String(value));
  }
  return text;
};

/** The sentence for `n` things: `name_one` or `name_many`. */
export const count = (name, n, values = {}) => say(`${name}_${n === 1 ? "one" : "many"}`, { n, ...values });

/** An instant (ISO) as this phone's clock shows it: the hour, and the day where it is not today. */
export const clock = (instant) => {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return "";
  const today = new Date().toDateString() === at.toDateString();
  return today ? hour.format(at) : `${day.format(at)}, ${hour.format(at)}`;
};

/** An instant (ISO) as the clocks of `zone` (IANA) show it, with its day: when the session is, wherever the phone is set. */
export const clockIn = (zone, instant) => {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return "";
  const style = { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", hour12: false, timeZone: zone };
  return new Intl.DateTimeFormat(language === "es" ? "es-CL" : language, style).format(at);
};
