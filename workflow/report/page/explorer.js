// The explorer: any cell of the study, beside any other.

import * as address from "./address.js";
import { showCell } from "./cell.js";
import { copyLink } from "./copy.js";
import { curves } from "./curves.js";
import { element } from "./dom.js";
import { showPair } from "./pair.js";

/** @typedef {import("./pairs.js").Explorer} Explorer */
/** @typedef {import("./pairs.js").Explored} Explored */
/**
 * @typedef {object} Models Of predict.js.
 * @property {{arrays: Record<string, import("./pairs.js").Packed>}} pack
 * @property {(cell: Named) => Weights|null|Promise<Weights|null>} weightImages
 */
/** @typedef {{name: string, size: number}} Named A model at a size. */
/** @typedef {{images: ArrayLike<number>[], titles: string[], side: number}} Weights */
/** @typedef {{pixels: ArrayLike<number>, labels: ArrayLike<number>, side: number}} Images */
/** @typedef {{cell: number, other: number}} Chosen */

/**
 * Name a cell, as its folder is named.
 * @param {Explored} record
 * @param {number} cell
 */
export function nameOf(record, cell) {
  const { split, size, model } = record.cells[cell];
  return `${record.splits[split].name}/${size}px/${record.models[model].name}`;
}

/**
 * Find a cell by its name; −1 where there is none.
 * @param {Explored} record
 * @param {string|undefined} name
 */
function cellNamed(record, name) {
  return record.cells.findIndex((_, cell) => nameOf(record, cell) === name);
}

/**
 * Write what is chosen as the page's address has it.
 * @param {Explored} record
 * @param {Chosen} chosen
 */
export function written(record, { cell, other }) {
  return { cell: nameOf(record, cell), other: nameOf(record, other) };
}

/**
 * Read what is chosen in the page's address; what it does not name is what is shown at first.
 * @param {Explored} record
 * @param {Record<string, string>} chosen
 * @returns {Chosen}
 */
export function read(record, chosen) {
  const [cell, other] = ["cell", "other"].map((key, i) => {
    const found = cellNamed(record, chosen[key]);
    return found < 0 ? record.start[i] : found;
  });
  return { cell, other };
}

/**
 * Find the cell that has one property as wanted, and is otherwise the nearest to another cell.
 * @param {Explored} record
 * @param {number} from
 * @param {"model"|"size"|"split"} property
 * @param {number} value
 */
export function nearest(record, from, property, value) {
  const own = record.cells[from];
  let found = from;
  let least = Infinity;
  record.cells.forEach((cell, i) => {
    if (cell[property] !== value) return;
    const far =
      (cell.model === own.model ? 0 : 1e6) +
      (cell.split === own.split ? 0 : 1e3) +
      Math.abs(cell.size - own.size);
    if (far < least) [found, least] = [i, far];
  });
  return found;
}

/**
 * Group models for a menu: those of one entry together, where it has several.
 * @param {Explored} record
 * @returns {{label: string|null, models: number[]}[]}
 */
export function grouped(record) {
  const used = new Set(record.cells.map((cell) => cell.model));
  /** @type {Map<string, number[]>} */
  const entries = new Map();
  record.models.forEach(({ entry }, i) => {
    if (used.has(i)) entries.set(entry, [...(entries.get(entry) ?? []), i]);
  });
  return [...entries].map(([entry, models]) => ({
    label: models.length > 1 ? inGrid(entry, record.models[models[0]].axes) : null,
    models,
  }));
}

/**
 * Name a grid, and what the numbers in its models' titles are of.
 * @param {string} entry
 * @param {string[]} axes
 */
function inGrid(entry, axes) {
  return axes.length ? `${entry}, by ${axes.join(", ")}` : entry;
}

/**
 * What tells the splits apart; nothing of a single one.
 * @param {Explored} record
 */
export function aboutSplits({ splits }) {
  if (splits.length < 2) return "";
  const said = splits.map(({ title, tested }) =>
    tested
      ? `in the ${title} no test image is trained on`
      : `in the ${title} test images can be training images too`,
  );
  return `Splits: ${said.join("; ")}.`;
}

/**
 * Start the section.
 * @param {HTMLElement} section
 * @param {Explorer} explorer
 * @param {Models} models
 */
export function start(section, explorer, models) {
  const { record } = explorer;
  const { fresh, fresh_labels } = models.pack.arrays;
  /** @type {Images} */
  const images = { pixels: fresh.data, labels: fresh_labels.data, side: fresh.shape[1] };
  /** @type {Chosen} */
  let chosen = read(record, address.chosen());
  const places = Object.fromEntries(
    ["title", "lead", "accuracy", "rest", "pair"].map((name) => [
      name,
      find(section, `[data-explorer='${name}']`),
    ]),
  );
  const showCurves = curves(find(section, "[data-explorer='curves']"));
  const pickers = {
    cell: picker(find(section, "[data-explorer='pick']"), "Trained model", (to) =>
      choose({ cell: to }),
    ),
    other: picker(find(section, "[data-explorer='with']"), "Other trained model", (to) =>
      choose({ other: to }),
    ),
  };

  /** @param {Partial<Chosen>} part */
  function choose(part) {
    show({ ...chosen, ...part });
    address.choose(section.id, written(record, chosen));
  }

  /** @param {Chosen} to */
  function show(to) {
    const before = chosen;
    chosen = to;
    pickers.cell(record, chosen.cell);
    pickers.other(record, chosen.other);
    if (!places.rest.hasChildNodes() || before.cell !== chosen.cell) drawCell();
    else if (before.other === chosen.other) return;
    drawPair();
  }

  function drawCell() {
    showCell(places, explorer, chosen.cell, images, models);
    showCurves(explorer, record.cells[chosen.cell]);
  }

  function drawPair() {
    showPair(places.pair, explorer, chosen.cell, chosen.other, images);
  }

  find(section, "[data-explorer='copy']").append(copyLink(section.id));
  find(section, "[data-explorer='splits']").textContent = aboutSplits(record);
  show(chosen);
  address.onChange((own) => show(read(record, own)));
  // Canvases are drawn in the colours of the scheme.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    drawCell();
    drawPair();
  });
}

/**
 * Make three menus that choose a cell; returns a function that shows a choice.
 * @param {HTMLElement} place
 * @param {string} legend
 * @param {(cell: number) => void} choose
 */
function picker(place, legend, choose) {
  /** @type {Record<"model"|"size"|"split", HTMLSelectElement>} */
  const menus = { model: element("select"), size: element("select"), split: element("select") };
  const titles = { model: "Model", size: "Pixels", split: "Split" };
  const labels = Object.entries(menus).map(([key, menu]) =>
    element("label", { class: `explorer-${key}` }, titles[/** @type {"model"} */ (key)], menu),
  );
  place.append(element("fieldset", {}, element("legend", {}, legend), ...labels));
  let chosen = -1;

  return (/** @type {Explored} */ record, /** @type {number} */ at) => {
    if (chosen < 0) {
      fill(menus, record);
      for (const key of /** @type {("model"|"size"|"split")[]} */ (Object.keys(menus))) {
        menus[key].addEventListener("change", () => {
          choose(nearest(record, chosen, key, Number(menus[key].value)));
        });
      }
    }
    chosen = at;
    const own = record.cells[at];
    const sizes = record.cells.filter((cell) => cell.model === own.model);
    const splits = sizes.filter((cell) => cell.size === own.size);
    for (const option of menus.size.options) {
      option.disabled = !sizes.some((cell) => cell.size === Number(option.value));
    }
    for (const option of menus.split.options) {
      option.disabled = !splits.some((cell) => cell.split === Number(option.value));
      const { title } = record.splits[Number(option.value)];
      option.textContent = option.disabled ? `${title} (not trained)` : title;
    }
    menus.model.value = String(own.model);
    menus.size.value = String(own.size);
    menus.split.value = String(own.split);
  };
}

/**
 * @param {Record<"model"|"size"|"split", HTMLSelectElement>} menus
 * @param {Explored} record
 */
function fill(menus, record) {
  for (const { label, models } of grouped(record)) {
    const options = models.map((i) => element("option", { value: i }, record.models[i].title));
    if (label === null) menus.model.append(...options);
    else menus.model.append(element("optgroup", { label }, ...options));
  }
  const sizes = [...new Set(record.cells.map((cell) => cell.size))].sort((a, b) => b - a);
  menus.size.append(...sizes.map((s) => element("option", { value: s }, `${s}×${s}`)));
  const splits = [...new Set(record.cells.map((cell) => cell.split))].sort((a, b) => a - b);
  menus.split.append(...splits.map((i) => element("option", { value: i }, record.splits[i].title)));
}

/**
 * @param {Element} within
 * @param {string} selector
 * @returns {HTMLElement}
 */
function find(within, selector) {
  const found = within.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`the page has no ${selector}`);
  return found;
}
