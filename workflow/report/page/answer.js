// The answer: accuracy against pixels, of the models, the split and the images that are chosen.

import { element, table } from "./dom.js";

/**
 * @typedef {{ split: string, subset: string, size: number, model: string, title: string,
 *   mean: number, low: number|null, high: number|null, interval: string }} Row
 * @typedef {{ name: string, kind: string }} Known
 */

/**
 * Names of the models to show: those that are ticked and of the kind that is asked for.
 * @param {Known[]} ticked
 * @param {string} kind "all", "published", "remedied" or "beyond"
 */
export function wanted(ticked, kind) {
  return ticked.filter((own) => kind === "all" || own.kind === kind).map(({ name }) => name);
}

/**
 * Rows of the chart's table: of each model that has any, its title and a text for each size.
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
  const ends = low === null || high === null ? "" : ` (${low.toFixed(3)} to ${high.toFixed(3)})`;
  return mean.toFixed(3) + ends;
}

/** Colours of the chart that are not those of models. */
function themed() {
  const style = getComputedStyle(document.documentElement);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const axis = {
    labelColor: colour("--ink"),
    titleColor: colour("--ink"),
    gridColor: colour("--line"),
    domainColor: colour("--muted"),
    tickColor: colour("--muted"),
  };
  return { background: "transparent", axis, view: { stroke: null } };
}

/**
 * @param {HTMLElement} section
 * @param {any} spec Of fewpixels/page/answer.py.
 */
export async function start(section, spec) {
  /** @type {Row[]} */
  const rows = Object.values(spec.datasets)
    .flat()
    .filter((/** @type {Row} */ row) => row.model !== undefined); // not the line of chance
  const sizes = [...new Set(rows.map((row) => row.size))].sort((a, b) => b - a);
  const form = /** @type {HTMLFormElement} */ (section.querySelector("form"));
  const place = /** @type {HTMLElement} */ (section.querySelector(".answer-chart"));
  const caption = /** @type {HTMLElement} */ (section.querySelector("[data-answer=caption]"));
  const numbers = /** @type {HTMLElement} */ (section.querySelector("[data-answer=table]"));
  const key = /** @type {HTMLElement} */ (section.querySelector(".answer-key"));
  const dark = matchMedia("(prefers-color-scheme: dark)");
  /** @type {any} */
  let view;

  function chosen() {
    const data = new FormData(form);
    const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (
      form.querySelectorAll("[name=model]:checked")
    );
    const ticked = Array.from(boxes, (box) => ({
      name: box.value,
      kind: String(box.dataset.kind),
      label: /** @type {HTMLElement} */ (box.closest("label")),
    }));
    const models = wanted(ticked, String(data.get("kind")));
    const [split, subset] = [String(data.get("split")), String(data.get("subset"))];
    const own = rows.filter((row) => row.split === split && row.subset === subset);
    return { split, subset, models, own, ticked };
  }

  async function show() {
    const { split, subset, models, own, ticked } = chosen();
    await view.signal("split", split).signal("subset", subset).signal("models", models).runAsync();
    const shown = tabulated(own, models, sizes);
    const heads = ["Model", ...sizes.map((size) => `${size}×${size}`)];
    numbers.replaceChildren(table("Accuracy by model and size", heads, shown));
    const there = new Set(own.map((row) => row.model));
    const entries = ticked.filter(({ name }) => models.includes(name) && there.has(name));
    key.replaceChildren(
      ...entries.map(({ label }) => {
        const mark = /** @type {Element} */ (label.querySelector("svg")).cloneNode(true);
        return element("li", {}, mark, ` ${label.textContent?.trim()}`);
      }),
    );
    const kind = own.find((row) => models.includes(row.model) && row.low !== null)?.interval;
    caption.textContent = entries.length
      ? `${entries.length} models on ${subset} images. ` +
        (kind ? `Bars: 95% intervals, ${kind}.` : "There are no intervals.")
      : "No chosen model has results here.";
  }

  async function draw() {
    // The bundle of Vega sets it, since it exports nothing.
    const { vegaEmbed } = /** @type {any} */ (window);
    const options = { actions: false, renderer: "svg", config: themed() };
    view = (await vegaEmbed(place, spec, options)).view;
    await show();
  }

  form.addEventListener("change", show);
  dark.addEventListener("change", draw);
  await draw();
}
