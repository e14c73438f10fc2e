// Making elements. Text is always text: nothing is parsed as HTML.

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node|string|number|null|undefined|false} Child */

/**
 * @template {Element} T
 * @param {T} made
 * @param {Record<string, string|number|boolean|null|undefined>} attributes
 * @param {Child[]} children
 */
function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, String(value));
  }
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    made.append(child instanceof Node ? child : String(child));
  }
  return made;
}

/**
 * Make an element of HTML; attributes that are false or missing are left out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string|number|boolean|null|undefined>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/**
 * Make an element of SVG.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string|number|boolean|null|undefined>} [attributes]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

/**
 * Make a table that scrolls sideways where it is too wide, by keyboard too.
 * @param {string} label
 * @param {Child[]} heads Of the columns.
 * @param {Child[][]} rows The first of each is the row's head.
 * @param {string} [kind] A class.
 */
export function table(label, heads, rows, kind = "") {
  const body = rows.map(([head, ...cells]) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, head),
      ...cells.map((c) => element("td", {}, c)),
    ),
  );
  return scrolling(
    label,
    element(
      "table",
      { class: kind },
      element("caption", { class: "unseen" }, label),
      element(
        "thead",
        {},
        element("tr", {}, ...heads.map((h) => (h === "" ? element("td") : element("th", { scope: "col" }, h)))),
      ),
      element("tbody", {}, ...body),
    ),
  );
}

/**
 * @param {string} label
 * @param {Element} content
 */
export function scrolling(label, content) {
  return element(
    "div",
    { class: "scroll", role: "region", tabindex: 0, "aria-label": label },
    content,
  );
}

/**
 * Make a titled part of the explorer.
 * @param {string} title
 * @param {...Child} content
 */
export function block(title, ...content) {
  return element("div", { class: "explorer-part" }, element("h4", {}, title), ...content);
}
