// The answer: a chart of two lines that have a name, and of the models that a reader compares.

import { choose, chosen, onChange } from "./address.js";
import { drawn } from "./chart.js";
import { copyLink } from "./copy.js";
import { element, svg, table } from "./dom.js";
import { interval, listed, share } from "./numbers.js";

/**
 * @typedef {{ counted: string, size: number, model: string, title: string, mean: number,
 *   low: number|null, high: number|null }} Row
 * @typedef {{ counted: string, models: string[] }} Compared
 */

// Shapes as fewpixels/page/overview.py names them, as paths.
const PATHS = [
  "M-4 -4H4V4H-4Z",
  "M0 -5L5 4H-5Z",
  "M0 -5L5 0L0 5L-5 0Z",
  "M-5 -2H-2V-5H2V-2H5V2H2V5H-2V2H-5Z",
  "M0 5L5 -4H-5Z",
  "M5 0L-4 5V-5Z",
];

/**
 * What an address says is compared, as far as the study has it.
 * @param {Record<string, string>} address Of `chosen`.
 * @param {Set<string>} models All names.
 * @param {string[]} countings All that can be counted on, what is shown at first first.
 * @param {number} most
 * @returns {Compared}
 */
export function compared({ models: named = "", counted = "" }, models, countings, most) {
  const own = named.split(",").filter((name) => models.has(name));
  return {
    counted: countings.includes(counted) ? counted : countings[0] ?? "",
    models: [...new Set(own)].slice(0, most),
  };
}

/**
 * Rows of a table: of each model that has any, its title and a text for each size.
 * @param {Row[]} rows
 * @param {string[]} models
 * @param {number[]} sizes
 * @returns {[string, ...string[]][]}
 */
export function tabulated(rows, models, sizes) {
  return models.flatMap((model) => {
    const own = rows.filter((row) => row.model === model);
    if (!own.length) return [];
    const cells = sizes.map((size) => {
      const row = own.find((candidate) => candidate.size === size);
      return row ? written(row) : "";
    });
    return [/** @type {[string, ...string[]]} */ ([own[0].title, ...cells])];
  });
}

/** @param {Row} row */
function written({ mean, low, high }) {
  const ends = low === null || high === null ? "" : ` (${interval([low, high])})`;
  return share(mean) + ends;
}

/**
 * Say what is counted, and which models are not there.
 * @param {boolean} best Whether the best models are.
 * @param {string[]} missing Titles.
 * @param {string} counted Title of what is counted on.
 * @param {string} interval What bars are for; empty where there are none.
 */
export function explained(best, missing, counted, interval) {
  const bars = interval ? `Bars: 95% intervals, ${interval}.` : "There are no intervals.";
  const [are, they] = missing.length > 1 ? ["are", "they were"] : ["is", "it was"];
  const gone = `${listed(missing)} ${are} not shown: ${they} not tested on these images.`;
  const without = best ? [] : ["The best models were not tested on these images."];
  return [`Tested on ${counted}.`, ...without, bars, ...(missing.length ? [gone] : [])].join(" ");
}

/** @param {HTMLElement} section */
export async function start(section) {
  if (!section.querySelector("[data-chart=overview]")) return; // every model diverged
  const view = await drawn(section, "overview");
  const details = /** @type {HTMLDetailsElement | null} */ (
    section.querySelector("[data-answer=compare]")
  );
  if (!details) return; // there is one model
  const text = section.querySelector("[data-chart=overview] script")?.textContent ?? "";
  /** @type {Row[]} */
  /** @type {(Row & { best?: boolean, several?: boolean })[]} */
  const all = Object.values(JSON.parse(text).datasets).flat();
  const best = all.filter((row) => row.best);
  const rows = all.filter((row) => row.several !== undefined && !row.best);
  const find = (/** @type {string} */ name) =>
    /** @type {HTMLElement} */ (section.querySelector(`[data-answer=${name}]`));
  const [models, countings] = section.querySelectorAll("select");
  /** @type {Map<string, string>} */
  const titles = new Map();
  for (const { value, text } of models.options) if (value) titles.set(value, text);
  const counted = Array.from(countings.options, (own) => own.value);
  const most = Number(find("key").dataset.most);
  const read = () => compared(chosen(), new Set(titles.keys()), counted, most);
  let state = read();

  /** @param {Partial<Compared>} change */
  function change(change) {
    state = { ...state, ...change };
    const first = state.counted === counted[0];
    choose("answer", { models: state.models.join(","), counted: first ? "" : state.counted });
    return show();
  }

  async function show() {
    const own = rows.filter((row) => row.counted === state.counted);
    const there = new Set(own.map((row) => row.model));
    countings.value = state.counted;
    for (const option of models.options) {
      option.disabled = option.value !== "" && !there.has(option.value);
    }
    models.disabled = state.models.length >= most;
    const button = (/** @type {string} */ name, /** @type {number} */ place) =>
      key(name, titles.get(name) ?? "", place, there.has(name));
    find("key").replaceChildren(...state.models.map(button));
    const missing = state.models.filter((name) => !there.has(name));
    const { title = "", interval = "" } = countings.selectedOptions[0]?.dataset ?? {};
    const known = own.some(({ low }) => low !== null);
    const names = missing.map((name) => titles.get(name) ?? "");
    find("shown").textContent = title;
    const first = best.some((row) => row.counted === state.counted);
    find("best").hidden = !first;
    find("said").textContent = explained(first, names, title, known ? interval : "");
    const sizes = [...new Set(own.map((row) => row.size))].sort((a, b) => b - a);
    const heads = ["Model", ...sizes.map((size) => `${size}×${size}`)];
    const numbers = tabulated(own, state.models, sizes);
    find("table").replaceChildren(...(numbers.length ? [table("Models that are compared", heads, numbers)] : []));
    await view.signal("counted", state.counted).signal("models", state.models).runAsync();
  }

  /**
   * A model's mark and name, on a button that takes it away, and points to its line.
   * @param {string} name
   * @param {string} title
   * @param {number} place Its place among the compared.
   * @param {boolean} there
   */
  function key(name, title, place, there) {
    const fill = `var(--line-${place + 1})`;
    const mark = svg("svg", { width: 12, height: 12, viewBox: "-6 -6 12 12", "aria-hidden": "true" });
    mark.append(svg("path", { d: PATHS[place], style: `fill: ${fill}` }));
    const words = there ? title : `${title} (not on these images)`;
    const button = element("button", { type: "button", "aria-label": `Remove ${title}` }, mark, words, " ×");
    button.addEventListener("click", () => {
      change({ models: state.models.filter((other) => other !== name) });
      models.focus();
    });
    for (const event of ["pointerenter", "focus"]) button.addEventListener(event, () => ask(name));
    for (const event of ["pointerleave", "blur"]) button.addEventListener(event, () => ask(""));
    return element("li", {}, button);
  }

  const ask = (/** @type {string} */ asked) => view.signal("asked", asked).runAsync();
  view.addEventListener("mouseover", (_, item) => ask(item?.datum?.model ?? ""));
  models.addEventListener("change", () => {
    const name = models.value;
    models.value = "";
    if (name && !state.models.includes(name)) change({ models: [...state.models, name] });
  });
  countings.addEventListener("change", () => change({ counted: countings.value }));
  onChange(() => {
    state = read();
    show();
  });
  find("copy").append(copyLink("answer"));
  details.hidden = false;
  details.open = state.models.length > 0 || state.counted !== counted[0];
  await show();
}
