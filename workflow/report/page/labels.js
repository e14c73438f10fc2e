// The labels of all models that the page runs, in tables, and the filters of convolutional ones.

import { element, table } from "./dom.js";
import { filters, responses } from "./networks.js";
import { brightness, picture, weightPicture } from "./pictures.js";

/** @typedef {import("./predict.js").Models} Models */
/** @typedef {import("./predict.js").Model} Model */

/**
 * Models by entry of the configuration: each entry with its models, and of these their sizes.
 * @param {Model[]} models
 * @returns {Map<string, Map<string, Map<number, number>>>} By entry, name and size: the index.
 */
export function grouped(models) {
  /** @type {Map<string, Map<string, Map<number, number>>>} */
  const entries = new Map();
  models.forEach(({ entry, name, size }, index) => {
    const names = entries.get(entry) ?? new Map();
    const sizes = names.get(name) ?? new Map();
    entries.set(entry, names.set(name, sizes.set(size, index)));
  });
  return entries;
}

/**
 * In words, what most of the models say at each size; neighbours of which the same is to be said
 * together.
 * @param {{ size: number, label: string }[]} labels
 */
export function summary(labels) {
  const sizes = [...new Set(labels.map(({ size }) => size))].sort((a, b) => b - a);
  /** @type {{ first: number, last: number, words: string }[]} */
  const said = [];
  for (const size of sizes) {
    const own = labels.filter((label) => label.size === size).map(({ label }) => label);
    const counts = new Map();
    for (const label of own) counts.set(label, (counts.get(label) ?? 0) + 1);
    const [most, count] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
    const words = `${count} of ${own.length} models say ${most}`;
    const before = said.at(-1);
    if (before?.words === words) before.last = size;
    else said.push({ first: size, last: size, words });
  }
  return said
    .map(({ first, last, words }) => {
      const to = last === first ? "" : ` to ${last}×${last}`;
      return `${first}×${first}${to}: ${words}`;
    })
    .join("; ");
}

/**
 * Make the tables of labels: one of all entries with one model, and one of each grid.
 * @param {HTMLElement} place
 * @param {Models} models
 * @param {(index: number) => void} choose
 * @returns {HTMLButtonElement[]} By the model's index.
 */
export function tables(place, models, choose) {
  const sizes = [...new Set(models.models.map(({ size }) => size))].sort((a, b) => b - a);
  const heads = ["Model", ...sizes.map((size) => `${size}×${size}`)];
  /** @type {HTMLButtonElement[]} */
  const buttons = [];
  /** @type {import("./dom.js").Child[][]} */
  const main = [];
  for (const [entry, names] of grouped(models.models)) {
    const rows = [...names.values()].map((own) => row(own));
    if (names.size === 1) main.push(...rows);
    else {
      const words = `${names.size} models of the grid ${entry}`;
      place.append(element("details", {}, element("summary", {}, words), table(words, heads, rows, "draw-labels")));
    }
  }
  if (main.length) place.prepend(table("Labels by model and size", heads, main, "draw-labels"));
  return buttons;

  /**
   * @param {Map<number, number>} own
   * @returns {import("./dom.js").Child[]}
   */
  function row(own) {
    const [first] = own.values();
    const cells = sizes.map((size) => {
      const index = own.get(size);
      if (index === undefined) return "";
      const label = element("button", { type: "button" });
      label.addEventListener("click", () => choose(index));
      buttons[index] = label;
      return label;
    });
    return [models.models[first].title, ...cells];
  }
}

/**
 * Show a convolutional network's first filters, each beside where in the image it responds, and
 * the responses of its second layer.
 *
 * @param {HTMLElement} place
 * @param {Models} models
 * @param {number} index
 * @param {import("./predict.js").Scene} scene
 */
export function showFilters(place, models, index, scene) {
  const { title, size } = models.models[index];
  const { images, titles, side } = filters(models, index);
  const layers = responses(models, index, models.view(scene, size).x).map((layer) => {
    const area = layer.side ** 2;
    const parts = Array.from({ length: layer.channels }, (_, i) => layer.data.subarray(i * area, (i + 1) * area));
    const limits = brightness(layer.data);
    return parts.map((part) => picture(part, layer.side, limits));
  });
  const first = images.map((filter, i) =>
    element("li", {}, weightPicture(filter, side), layers[0][i], element("span", {}, titles[i])),
  );
  const second = layers[1].map((response, i) =>
    element("li", {}, response, element("span", {}, `filter ${i + 1}`)),
  );
  const about =
    "Each first filter (orange is below 0, blue above) beside where in the image it responds; then " +
    "how the second layer's filters, which combine these, respond. What stands out most responds most.";
  place.replaceChildren(
    element("h3", {}, `Filters: ${title}, ${size}×${size}`),
    element("p", { class: "note" }, about),
    element("h4", {}, "First layer: each filter, and its response"),
    element("ul", { class: "draw-filters", "aria-label": "First filters and their responses" }, ...first),
    element("h4", {}, "Second layer: responses"),
    element("ul", { class: "draw-filters", "aria-label": "Responses of the second layer" }, ...second),
  );
}
