// Claims: the chart of numbers, and the ledger, which is sorted, filtered and opened. In it each claim
// is a body of the table; the one that was opened last stands in the address.

import { choose, chosen, onChange, read } from "./address.js";
import { drawn } from "./chart.js";
import { copyLink } from "./copy.js";

/** @typedef {{ text: string, number: number, unit: string }} Key A cell: its text, and its number or NaN. */

/**
 * Compare two cells: numbers of one unit by size, else texts; what is blank is last in either order.
 * @param {Key} a
 * @param {Key} b
 * @param {number} [sign] -1 for the largest first; units keep their order.
 */
export function compare(a, b, sign = 1) {
  if (!a.text || !b.text) return Number(!a.text) - Number(!b.text);
  if (a.unit !== b.unit) return a.unit.localeCompare(b.unit, "en");
  const [left, right] = [a.number, b.number];
  return sign * (Number.isNaN(left - right) ? a.text.localeCompare(b.text, "en") : left - right);
}

/**
 * Whether a row has each value that is asked for, and all words.
 * @param {Record<string, string|undefined>} row
 * @param {string} text Of the row.
 * @param {Record<string, string>} asked Empty values ask for nothing.
 * @param {string} words
 */
export function matches(row, text, asked, words) {
  const found = text.toLowerCase();
  return (
    Object.entries(asked).every(([key, value]) => !value || row[key] === value) &&
    words
      .toLowerCase()
      .split(/\s+/)
      .every((word) => found.includes(word))
  );
}

/**
 * What a claim is sorted by.
 * @param {HTMLTableSectionElement} claim
 * @param {number} column
 * @returns {Key}
 */
function keyOf(claim, column) {
  const cell = claim.rows[0].cells[column];
  const { value, unit = "" } = cell.dataset;
  return { text: cell.textContent?.trim() ?? "", number: value ? Number(value) : NaN, unit };
}

/**
 * Let a reader sort the claims by a column.
 * @param {HTMLTableElement} table
 */
function sortable(table) {
  const heads = [...table.querySelectorAll("th[aria-sort]")];
  heads.forEach((head, column) => {
    head.querySelector("button")?.addEventListener("click", () => {
      const order = head.ariaSort === "ascending" ? "descending" : "ascending";
      for (const other of heads) other.ariaSort = "none";
      head.ariaSort = order;
      const sign = order === "ascending" ? 1 : -1;
      const keys = [...table.tBodies].map((claim) => ({ claim, key: keyOf(claim, column) }));
      keys.sort((a, b) => compare(a.key, b.key, sign));
      table.append(...keys.map(({ claim }) => claim));
    });
  });
}

/**
 * Let a reader filter the claims.
 * @param {HTMLTableElement} table
 * @param {HTMLFormElement} form
 * @param {HTMLElement} count Says how many are left.
 * @returns {() => void} Filter them as the form says.
 */
function filterable(table, form, count) {
  const claims = [...table.tBodies];
  function filter() {
    const { words, ...asked } = /** @type {Record<string, string>} */ (
      Object.fromEntries(new FormData(form))
    );
    for (const claim of claims) {
      claim.hidden = !matches(claim.dataset, claim.textContent ?? "", asked, words);
    }
    const shown = claims.filter((claim) => !claim.hidden).length;
    count.textContent = `${shown} of ${claims.length} claims`;
  }
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  filter();
  return filter;
}

/**
 * @param {HTMLTableSectionElement} claim
 * @param {boolean} open
 */
function show(claim, open) {
  const button = /** @type {HTMLElement} */ (claim.querySelector(".claims-claim"));
  const place = /** @type {HTMLElement} */ (claim.querySelector("[data-claims=copy]"));
  claim.rows[1].hidden = !open;
  button.ariaExpanded = String(open);
  if (open && !place.firstChild) place.append(copyLink("claims"));
}

/** @param {HTMLElement} section */
export async function start(section) {
  const ledger = /** @type {HTMLDetailsElement} */ (section.querySelector("details"));
  const table = /** @type {HTMLTableElement} */ (ledger.querySelector("table"));
  const form = /** @type {HTMLFormElement} */ (ledger.querySelector("form"));
  const count = /** @type {HTMLElement} */ (ledger.querySelector("[data-claims=count]"));
  sortable(table);
  const filter = filterable(table, form, count);

  /** @param {string|undefined} id Of a claim to open, in sight. */
  function lead(id) {
    const claim = [...table.tBodies].find((own) => own.dataset.claim === id);
    if (!claim) return;
    form.reset();
    filter();
    ledger.open = true;
    show(claim, true);
    const button = /** @type {HTMLElement} */ (claim.querySelector(".claims-claim"));
    // At once: what is drawn meanwhile would end a smooth one. Types of DOM are older than the word.
    const behavior = /** @type {any} */ ("instant");
    button.scrollIntoView({ block: "center", behavior });
    button.focus({ preventScroll: true });
  }

  for (const claim of table.tBodies) {
    claim.querySelector(".claims-claim")?.addEventListener("click", () => {
      const open = claim.rows[1].hidden;
      show(claim, open);
      choose("claims", { claim: open ? (claim.dataset.claim ?? "") : "" });
    });
  }
  for (const link of section.querySelectorAll("a[href^='#claims?']")) {
    link.addEventListener("click", () => {
      const to = link.getAttribute("href") ?? "";
      if (location.hash === to) lead(read(to).chosen.claim); // no change that would do it
    });
  }
  onChange((values, at) => {
    if (at === "claims") lead(values.claim);
  });
  if (location.hash.startsWith("#claims")) lead(chosen().claim);

  if (!section.querySelector("[data-chart=scatter]")) return;
  const view = await drawn(section, "scatter");
  view.addEventListener("click", (_, item) => {
    const id = item?.datum?.id;
    if (!id) return;
    choose("claims", { claim: id });
    lead(id);
  });
}
