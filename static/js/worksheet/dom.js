/** Elements made without markup: texts become text nodes, so that nothing anybody wrote can be taken for HTML. */

/**
 * Make an element: `h("p.soft", { id: "x" }, "text", child)`.
 * Functions become listeners ("onclick"), false and null leave an attribute out, true sets it empty; `value` and
 * `checked` are set as properties.
 */
export const h = (name, attributes = {}, ...children) => {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else if (key === "value" || key === "checked") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  append(element, children);
  return element;
};

const append = (element, children) => {
  for (const child of children) {
    if (Array.isArray(child)) append(element, child);
    else if (child !== null && child !== undefined && child !== false) element.append(child);
  }
};

/** Put `children` in the place of all that `element` holds. */
export const fill = (element, ...children) => {
  element.textContent = "";
  append(element, children);
};

/** Show `text` in `element` unless it stands there already: what is read aloud is not read twice. */
export const tell = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

let last = 0;
/** An id that nothing else on the page has. */
export const fresh = () => `e${(last += 1)}`;

export const hidden = (text) => h("span.hidden", {}, text);
