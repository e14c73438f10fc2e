// The ledger of claims: sorting, filtering and opening. Each claim is a body of the table.

/** @typedef {{ text: string, number: number }} Key A cell: its text, and its number or NaN. */

/**
 * Compare two cells: numbers by size and after them what has none, else by text.
 * @param {Key} a
 * @param {Key} b
 */
export function compare(a, b) {
  const [left, right] = [Number.isNaN(a.number), Number.isNaN(b.number)];
  if (!left && !right) return a.number - b.number;
  if (left !== right) return left ? 1 : -1;
  return a.text.localeCompare(b.text, "en");
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

/** @param {HTMLElement} section */
export function start(section) {
  const table = /** @type {HTMLTableElement} */ (section.querySelector("table"));
  const form = /** @type {HTMLFormElement} */ (section.querySelector("form"));
  const count = /** @type {HTMLElement} */ (section.querySelector("[data-claims=count]"));
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

  /** @param {HTMLElement} button */
  function sort(button) {
    const head = /** @type {HTMLElement} */ (button.parentElement);
    const column = Number(button.dataset.sort);
    const order = head.ariaSort === "ascending" ? "descending" : "ascending";
    for (const other of section.querySelectorAll("th[aria-sort]")) other.ariaSort = "none";
    head.ariaSort = order;
    const key = (/** @type {HTMLTableSectionElement} */ claim) => {
      const cell = claim.rows[0].cells[column];
      const value = cell.dataset.value;
      return { text: cell.textContent?.trim() ?? "", number: value ? Number(value) : NaN };
    };
    const sorted = claims
      .map((claim) => ({ claim, key: key(claim) }))
      .sort((a, b) => compare(a.key, b.key) * (order === "ascending" ? 1 : -1));
    table.append(...sorted.map(({ claim }) => claim));
  }

  for (const claim of claims) {
    const button = /** @type {HTMLElement} */ (claim.querySelector(".claims-claim"));
    button.addEventListener("click", () => {
      const evidence = claim.rows[1];
      evidence.hidden = !evidence.hidden;
      button.ariaExpanded = String(!evidence.hidden);
    });
  }

  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  section.querySelectorAll("[data-sort]").forEach((button) => {
    button.addEventListener("click", () => sort(/** @type {HTMLElement} */ (button)));
  });
  filter();
}
