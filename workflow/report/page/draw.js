// Draw a digit, and see what every model makes of it.

import { centre, downscale } from "./digit.js";
import { element, table } from "./dom.js";
import { pad } from "./pad.js";
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
 * @param {HTMLElement} section
 * @param {Models} models
 */
export function start(section, models) {
  const find = (/** @type {string} */ name) =>
    /** @type {HTMLElement} */ (section.querySelector(`[data-draw="${name}"]`));
  const { side, classes, pack } = models;
  const [low, high] = pack.record.range;
  const sizes = [...new Set(models.models.map(({ size }) => size))].sort((a, b) => b - a);
  const fresh = pack.arrays.fresh;
  const truths = pack.arrays.fresh_labels.data;
  const menu = /** @type {HTMLSelectElement} */ (find("class"));
  menu.append(...classes.map((name, i) => element("option", { value: i }, name)));
  const canvas = /** @type {HTMLCanvasElement} */ (section.querySelector("canvas"));
  const images = /** @type {HTMLElement} */ (section.querySelector(".draw-images"));
  const buttons = makeTable(find("labels"), models, sizes, choose);

  /** @type {ArrayLike<number> | null} */
  let image = null;
  let shown = -1;
  let truth = -1;
  let chosen = 0;
  /** @type {number} */
  let later;

  const board = pad(canvas, (ink) => {
    const centred = centre(ink, canvas.width, side);
    const whole = !(fresh.data instanceof Float32Array);
    image = centred?.map((share) => {
      const pixel = low + share * (high - low);
      return whole ? Math.round(pixel) : pixel;
    }) ?? null;
    [shown, truth] = [-1, -1];
    find("truth").textContent = "";
    show();
  }, (words) => (find("pen").textContent = words));

  /** @param {number} index */
  function choose(index) {
    chosen = index;
    show();
  }

  /** @param {number} step 0: any */
  function take(step) {
    const wanted = menu.value === "" ? -1 : Number(menu.value);
    const all = Array.from(truths.keys()).filter((i) => wanted < 0 || truths[i] === wanted);
    if (!all.length) return;
    const at = all.indexOf(shown);
    const next = step ? (at + step + all.length) % all.length : Math.floor(Math.random() * all.length);
    load(all[at < 0 && step < 0 ? all.length - 1 : next]);
  }

  /** @param {number} index */
  function load(index) {
    shown = index;
    truth = truths[index];
    image = fresh.data.subarray(index * side * side, (index + 1) * side * side);
    board.show(Array.from(image, (pixel) => (pixel - low) / (high - low || 1)), side);
    find("truth").textContent = `Fresh digit ${index}; its true class is ${classes[truth]}.`;
    show();
  }

  function show() {
    const scene = image && models.scene(image);
    images.replaceChildren(
      ...sizes.map((size) => {
        const small = image ? downscale(image, side, size) : new Float32Array(size * size).fill(low);
        const name = `${size}×${size}`;
        return element("li", {}, picture(small, size, [low, high || 1]), name);
      }),
    );
    /** @type {{ size: number, label: string }[]} */
    const labels = [];
    buttons.forEach((button, index) => {
      const found = scene && models.predict(index, scene);
      button.setAttribute("aria-pressed", String(index === chosen));
      button.className = "";
      button.textContent = found ? classes[found.label] : "–";
      if (!found) return;
      labels.push({ size: models.models[index].size, label: classes[found.label] });
      if (truth < 0) return;
      const right = found.label === truth;
      button.className = right ? "right" : "wrong";
      button.textContent += right ? " ✓" : " ✗";
    });
    clearTimeout(later);
    // Not at every stroke: a screen reader reads it out.
    later = setTimeout(() => {
      const none = scene ? "The page can run none of this study's models." : "Nothing is drawn yet.";
      find("summary").textContent = labels.length ? `${summary(labels)}.` : none;
    }, 500);
    find("filters").replaceChildren();
    if (scene && buttons.length) {
      showScores(find("scores"), models, chosen, models.predict(chosen, scene).scores);
      if (models.models[chosen].kind === "convnet") showFilters(find("filters"), models, chosen, scene);
    } else find("scores").replaceChildren();
  }

  find("clear").addEventListener("click", board.clear);
  find("next").addEventListener("click", () => take(1));
  find("previous").addEventListener("click", () => take(-1));
  find("random").addEventListener("click", () => take(0));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    board.recolour();
    show();
  });
  load(0);
}

/**
 * Make the tables of labels: one of all entries with one model, and one of each grid.
 * @param {HTMLElement} place
 * @param {Models} models
 * @param {number[]} sizes
 * @param {(index: number) => void} choose
 * @returns {HTMLButtonElement[]} By the model's index.
 */
function makeTable(place, models, sizes, choose) {
  /** @type {HTMLButtonElement[]} */
  const buttons = [];
  const heads = ["Model", ...sizes.map((size) => `${size}×${size}`)];
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

const UNITS = {
  kernel: "score",
  weights: "score",
  knn: "votes",
  mlp: "probability",
  convnet: "probability",
};

/**
 * Show a convolutional network's first filters, each beside where in the image it responds, and
 * the responses of its second layer.
 *
 * @param {HTMLElement} place
 * @param {Models} models
 * @param {number} index
 * @param {import("./predict.js").Scene} scene
 */
function showFilters(place, models, index, scene) {
  const { title, size } = models.models[index];
  const { images, titles, side } = models.filters(index);
  const layers = models.responses(index, models.view(scene, size).x).map((layer) => {
    const area = layer.side ** 2;
    const parts = Array.from({ length: layer.channels }, (_, i) => layer.data.subarray(i * area, (i + 1) * area));
    const limits = brightness(layer.data);
    return parts.map((part) => picture(part, layer.side, limits));
  });
  const first = images.map((filter, i) =>
    element("li", {}, weightPicture(filter, side), layers[0][i], element("span", {}, titles[i])),
  );
  const second = layers[1].map((response) => element("li", {}, response));
  const about =
    "Each first filter (orange is below 0, blue above) beside where in the image it responds; then " +
    "how the second layer's filters, which combine these, respond. The more ink, the stronger.";
  place.replaceChildren(
    element("h3", {}, `Filters: ${title}, ${size}×${size}`),
    element("p", { class: "note" }, about),
    element("ul", { class: "draw-filters", "aria-label": "First filters and their responses" }, ...first),
    element("ul", { class: "draw-filters", "aria-label": "Responses of the second layer" }, ...second),
  );
}

/**
 * @param {HTMLElement} place
 * @param {Models} models
 * @param {number} index
 * @param {number[]} scores
 */
function showScores(place, models, index, scores) {
  const { title, size, kind, scheme } = models.models[index];
  const pairs = scheme && scheme !== "one-vs-rest";
  const unit = pairs ? "votes" : UNITS[/** @type {keyof typeof UNITS} */ (kind)];
  const low = Math.min(0, ...scores);
  const range = Math.max(...scores) - low || 1;
  const rows = scores.map((score, c) => {
    const bar = element("div", { class: "bar", "aria-hidden": "true" });
    bar.style.width = `${(100 * (score - low)) / range}%`;
    const number = Number.isInteger(score) ? String(score) : score.toPrecision(3);
    return [models.classes[c], number, bar];
  });
  const name = `${title}, ${size}×${size}`;
  const scored = table(`Scores by ${name}`, ["class", unit, ""], rows, "draw-scores");
  place.replaceChildren(element("h3", {}, name), scored);
}
