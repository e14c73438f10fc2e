// Why the order of visits matters: perceptrons learn in the page, and what they reached is shown.

import { choose, chosen, onChange } from "./address.js";
import { drawn } from "./chart.js";
import { element } from "./dom.js";
import { count, percent, several, share } from "./numbers.js";
import { Training, blockSums, confusion, sorted } from "./training.js";
import { brightness, picture, weightPicture } from "./pictures.js";
import { largest } from "./perceptrons.js";

/**
 * @typedef {"sorted"|"shuffled"} Visits
 * @typedef {"last"|"averaged"} Weights
 * @typedef {{ visits: Visits, weights: Weights }} Way How to train, and which weights to use.
 * @typedef {{ accuracies: number[], others: number[], counts: Float64Array, last: number,
 *   names: string[] }} Reached Accuracy after each epoch, that of the other weights of the same
 *   training, the confusion matrix, the last class, and the classes' names.
 */

/** Milliseconds from one step to the next; epochs that a caption looks back on; and a change of
 * accuracy in these that it remarks on. */
const [TICK, BACK, SWING] = [100, 10, 0.05];

/** From this epoch on, lines run below their names. */
const NAMED = 17;
// Of accuracy: the height of a name, with the space around it.
const ROOM = 0.12;

/** @type {Record<Visits, string>} */
const ORDERS = { sorted: "class by class", shuffled: "shuffled" };

/** @param {Way} way What its line is called. */
function series({ visits, weights }) {
  return ORDERS[visits] + (weights === "averaged" ? ", averaged" : "");
}

/**
 * How often each label is given, as shares, and what guessing gives: the commonest class's share.
 * @param {Float64Array} counts A confusion matrix, row by row.
 * @param {number} classes
 */
export function given(counts, classes) {
  const [labels, actual] = [new Float64Array(classes), new Float64Array(classes)];
  let total = 0;
  counts.forEach((own, at) => {
    labels[at % classes] += own;
    actual[Math.floor(at / classes)] += own;
    total += own;
  });
  return { shares: labels.map((own) => own / total), guess: Math.max(...actual) / total };
}

/** @param {number[]} values */
function ends(values) {
  return [Math.min(...values), Math.max(...values)];
}

/**
 * What happened, in sentences.
 * @param {Way} way
 * @param {Reached} reached After one epoch at least.
 */
export function told({ visits, weights }, { accuracies, others, counts, last, names }) {
  const { shares, guess } = given(counts, names.length);
  const common = largest(shares);
  const epochs = accuracies.length;
  const recent = accuracies.slice(-BACK);
  const [low, high] = ends(recent);
  const after = `After ${several(epochs, "epoch")}, ${ORDERS[visits]}`;
  const right = `${share(accuracies[epochs - 1])} are right; guessing gives ${share(guess)}.`;
  const called = `${percent(shares[common])} of the images never seen are called “${names[common]}”`;
  const range = `over the last ${recent.length} epochs it was between ${share(low)} and ${share(high)}.`;
  if (weights === "averaged") {
    const lasting = ends(others.slice(-BACK));
    const steady = high - low < lasting[1] - lasting[0] ? ` It is steadier, too: ${range}` : "";
    const alone = `The last weights alone give ${share(others[epochs - 1])}.`;
    return `${after}, by the average of all weights so far, ${right} ${alone}${steady}`;
  }
  if (visits === "sorted" && common === last && shares[common] > 0.5) {
    return `${after}, ${called}, the class that comes last: it has the last word. ${right}`;
  }
  const still = high - low > SWING ? ` The last mistakes still count most: ${range}` : "";
  return `${after}, ${called}, the commonest label. ${right}${still}`;
}

/**
 * Where the training is.
 * @param {Training} training
 * @param {string[]} names
 * @param {ArrayLike<number>} labels Of the training images.
 */
function progress(training, names, labels) {
  const { count: images, epoch, epochs, place, last, mistakes } = training;
  if (last < 0) return `Nothing is learned yet. All scores are 0, and a tie goes to the first class, “${names[0]}”.`;
  const who = several(names.length, "perceptron");
  const made = several(mistakes[mistakes.length - 1], "mistake");
  if (!place) return `Epoch ${epoch} of ${epochs} is done: the ${who} made ${made} in ${count(images * names.length)} decisions.`;
  return (
    `Epoch ${epoch + 1} of ${epochs}, image ${place}, “${names[labels[last]]}”: ` +
    `the ${who} made ${made} in this epoch so far.`
  );
}

/**
 * When it is that the matrix is of.
 * @param {Training} training
 * @param {string[]} names
 * @param {ArrayLike<number>} labels Of the training images.
 */
function moment({ epoch, place, last }, names, labels) {
  if (place) return `Now (epoch ${epoch + 1}, “${names[labels[last]]}”)`;
  return epoch ? `After ${several(epoch, "epoch")}` : "Before training";
}

export class Lesson {
  /**
   * @param {import("./payload.js").Pack} pack
   * @param {import("./predict.js").Models} models Whose fresh images are never seen.
   */
  constructor({ record, arrays }, models) {
    /** @type {string[]} */
    this.names = record.classes;
    this.epochs = record.epochs;
    this.side = record.size;
    const size = record.size ** 2;
    this.train = { pixels: arrays.pixels.data, labels: arrays.labels.data, size };
    const { fresh, fresh_labels: labels } = models.pack.arrays;
    const pixels = blockSums(fresh.data, models.side, record.size);
    this.fresh = { pixels, labels: labels.data, size };
    this.orders = arrays.orders.data;
    this.inClasses = sorted(this.train.labels);
    /** @type {Record<Visits, Training>} */
    this.trainings = { sorted: this.begin("sorted"), shuffled: this.begin("shuffled") };
    /** @type {Record<string, number[]>} Accuracy after each epoch, by series. */
    this.curves = {};
    /** @type {Record<string, Float64Array>} The confusion matrix where an epoch ended last, by series. */
    this.counts = {};
  }

  /** @param {Visits} visits */
  begin(visits) {
    const n = this.train.labels.length;
    /** @type {(epoch: number) => ArrayLike<number>} */
    const order = (epoch) =>
      visits === "sorted" ? this.inClasses : this.orders.subarray(epoch * n, (epoch + 1) * n);
    return new Training(this.train, this.names.length, order, this.epochs);
  }

  /** @param {Visits} visits */
  reset(visits) {
    this.trainings[visits] = this.begin(visits);
    this.curves[series({ visits, weights: "last" })] = [];
    this.curves[series({ visits, weights: "averaged" })] = [];
  }

  /** @param {Way} way */
  confusion({ visits, weights }) {
    const own = this.trainings[visits].perceptrons.weights(weights === "averaged");
    return { weights: own, ...confusion(own, this.fresh, this.names.length) };
  }

  /**
   * Train on, and note accuracy where an epoch ends.
   * @param {Visits} visits
   * @param {number} images
   */
  advance(visits, images) {
    if (!this.trainings[visits].advance(images)) return;
    for (const weights of /** @type {Weights[]} */ (["last", "averaged"])) {
      const way = { visits, weights };
      const { right, counts } = this.confusion(way);
      (this.curves[series(way)] ??= []).push(right / this.fresh.labels.length);
      this.counts[series(way)] = counts;
    }
  }

  /**
   * What was reached where an epoch ended last, in sentences; empty before.
   * @param {Way} way
   */
  told(way) {
    const accuracies = this.curves[series(way)] ?? [];
    if (!accuracies.length) return "";
    const others = this.curves[series({ ...way, weights: way.weights === "last" ? "averaged" : "last" })];
    const last = this.train.labels[this.inClasses[this.inClasses.length - 1]];
    return told(way, { accuracies, others, counts: this.counts[series(way)], last, names: this.names });
  }

  /**
   * Points of the chart.
   * @param {Iterable<string>} names Of series.
   */
  points(names) {
    const all = [...names].map((name) => ({ name, own: this.curves[name] ?? [] }));
    const ends = all.flatMap(({ own }) => own.slice(-1));
    return all.flatMap(({ name, own }) =>
      own.map((accuracy, i) => {
        const point = { series: name, epoch: i + 1, accuracy };
        if (i < own.length - 1) return point;
        const top = Math.max(accuracy, ...own.slice(NAMED));
        // Below its line where another is just above.
        const crowded = ends.some((end) => end > accuracy && end < top + ROOM);
        return { ...point, label: name, top: crowded ? Math.min(accuracy, ...own.slice(NAMED)) - ROOM : top };
      }),
    );
  }

  /**
   * Rows of a table of accuracy by epoch, the first of which heads it.
   * @param {Iterable<string>} names Of series.
   */
  rows(names) {
    const known = [...names].filter((name) => this.curves[name]?.length);
    const epochs = Math.max(0, ...known.map((name) => this.curves[name].length));
    const row = (/** @type {number} */ i) => known.map((name) => share(this.curves[name][i] ?? null));
    return [["epoch", ...known], ...Array.from({ length: epochs }, (_, i) => [String(i + 1), ...row(i)])];
  }

  /**
   * Shares of the confusion matrix, for its chart.
   * @param {Float64Array} counts
   */
  cells(counts) {
    const classes = this.names.length;
    return Array.from(counts, (own, at) => {
      const actual = Math.floor(at / classes);
      const row = counts.subarray(actual * classes, (actual + 1) * classes);
      const total = row.reduce((a, b) => a + b, 0);
      return { actual, label: at % classes, share: total ? own / total : 0 };
    });
  }
}

/**
 * @param {HTMLElement} section
 * @param {import("./payload.js").Pack} pack
 * @param {import("./predict.js").Models} models
 */
export async function start(section, pack, models) {
  const lesson = new Lesson(pack, models);
  const form = /** @type {HTMLFormElement} */ (section.querySelector("form"));
  const find = (/** @type {string} */ name) =>
    /** @type {HTMLElement} */ (section.querySelector(`[data-order=${name}]`));
  const presets = /** @type {NodeListOf<HTMLButtonElement>} */ (
    section.querySelectorAll("[data-order=preset]")
  );
  const [curves, matrix] = [await drawn(section, "accuracy"), await drawn(section, "confusion")];
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  /** @type {Set<string>} Series that were looked at. */
  const seen = new Set();
  const limits = brightness(lesson.train.pixels);
  let playing = false;
  let way = wayOf(presets[0]);

  /** @param {HTMLButtonElement} preset @returns {Way} */
  function wayOf({ value }) {
    const [visits, weights] = value.split(" ");
    return /** @type {Way} */ ({ visits, weights });
  }

  /** @param {Way} own */
  function presetOf({ visits, weights }) {
    return [...presets].findIndex(({ value }) => value === `${visits} ${weights}`);
  }

  async function show() {
    const training = lesson.trainings[way.visits];
    const { weights, counts, right } = lesson.confusion(way);
    const name = series(way);
    seen.add(name);
    const { labels, pixels, size } = lesson.train;
    find("now").textContent =
      `${progress(training, lesson.names, labels)} ` +
      `Of ${count(lesson.fresh.labels.length)} images never seen, ` +
      `${share(right / lesson.fresh.labels.length)} are right.`;
    const learned = pixels.subarray(training.last * size, (training.last + 1) * size);
    find("learned").replaceChildren(...(training.last < 0 ? [] : [picture(learned, lesson.side, limits)]));
    find("moment").textContent = moment(training, lesson.names, labels);
    find("weights").replaceChildren(
      ...lesson.names.map((label, p) => {
        const own = weights.subarray(p * size, (p + 1) * size);
        return element("li", {}, weightPicture(own, lesson.side), element("div", {}, label));
      }),
    );
    find("numbers").replaceChildren(
      ...lesson.rows(seen).map((row, i) =>
        element("tr", {}, ...row.map((text, j) => element(i && j ? "td" : "th", {}, text))),
      ),
    );
    conclude();
    await curves.data("points", lesson.points(seen)).signal("shown", name).runAsync();
    await matrix.data("counts", lesson.cells(counts)).runAsync();
  }

  /** Say what was reached, and what to do next. */
  function conclude() {
    const training = lesson.trainings[way.visits];
    const begin = playing ? "Training…" : "Press Play, and watch which label they give.";
    find("caption").textContent = lesson.told(way) || begin;
    find("caption").classList.toggle("order-past", playing || training.place > 0);
    const at = presetOf(way);
    presets.forEach((button, i) => button.setAttribute("aria-pressed", String(i === at)));
    const next = presets[at + 1];
    find("next").hidden = !training.finished || !next;
    find("next").textContent = next ? `Next: ${next.textContent} →` : "";
  }

  /** @param {boolean} on */
  function play(on) {
    const begins = on && !playing;
    playing = on;
    find("play").textContent = on ? "Pause" : "Play";
    // Ten sentences a second are too many to be read out.
    find("now").setAttribute("aria-live", on ? "off" : "polite");
    conclude();
    if (begins) void tick();
  }

  async function tick() {
    while (playing) {
      const training = lesson.trainings[way.visits];
      const speed = Number(new FormData(form).get("speed"));
      lesson.advance(way.visits, Math.ceil(speed * training.count));
      if (training.finished) play(false);
      await show();
      await new Promise((resolve) => setTimeout(resolve, TICK));
    }
  }

  /** @param {number} images */
  function step(images) {
    play(false);
    lesson.advance(way.visits, images);
    return show();
  }

  /** @param {Record<string, string>} own */
  function choice({ visits, weights }) {
    const known = presets[presetOf(/** @type {Way} */ ({ visits, weights }))];
    if (known) way = wayOf(known);
  }

  /** @param {HTMLButtonElement} preset */
  function take(preset) {
    way = wayOf(preset);
    choose("order", way);
    play(!still.matches && !lesson.trainings[way.visits].finished);
    return show();
  }

  find("play").addEventListener("click", () => {
    if (lesson.trainings[way.visits].finished) lesson.reset(way.visits);
    play(!playing);
  });
  find("image").addEventListener("click", () => step(1));
  find("epoch").addEventListener("click", () => step(Infinity));
  find("reset").addEventListener("click", () => {
    play(false);
    lesson.reset(way.visits);
    return show();
  });
  presets.forEach((button) => button.addEventListener("click", () => take(button)));
  find("next").addEventListener("click", () => {
    const next = presets[presetOf(way) + 1];
    next.focus({ preventScroll: true }); // this button goes
    return take(next);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  onChange((own) => {
    choice(own);
    return show();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  new IntersectionObserver((entries) => {
    if (!entries[entries.length - 1].isIntersecting) play(false);
  }).observe(section);
  choice(chosen());
  await show();
}
