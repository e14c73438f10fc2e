// How a model learned: learning curves, and sweeps over k, in charts of Vega-Lite.

import { inSight } from "./chart.js";
import { element, table } from "./dom.js";
import { count, interval, plain, share } from "./numbers.js";
import { part } from "./pairs.js";

/** @typedef {import("./pairs.js").Explorer} Explorer */
/** @typedef {import("./pairs.js").Cell} Cell */
/**
 * @typedef {object} Series A mean, and a band from the lowest to the highest.
 * @property {number[]} mean NaN where there is none.
 * @property {number[]} low
 * @property {number[]} high
 * @property {string} title
 */
/**
 * @typedef {object} Learned What is to be shown of a cell.
 * @property {string} title
 * @property {string} note
 * @property {Record<string, import("./chart.js").Shown>} charts By name.
 * @property {Element} [numbers]
 */

export const SUBSETS = ["Validation", "Test", "Never seen"];

const RANGES = "Lines are means over replicates, bands reach from the lowest to the highest.";
const STOPPED =
  "Replicates that have stopped or diverged are left out from there on: lines can jump.";

// As fewpixels/page/curves.py writes numbers.
const MISSING = 65535;
const ACCURACY = 1e-4;

/**
 * Accuracies, which the pack has as whole multiples.
 * @param {number[]} multiples
 */
export function decoded(multiples) {
  return multiples.map((m) => (m === MISSING ? NaN : m * ACCURACY));
}

/**
 * Points of curves, as fewpixels/page/curve_charts.py lists them.
 * @param {number[]} x
 * @param {Series[]} all
 */
export function rows(x, all) {
  const known = (/** @type {number} */ value) => (Number.isFinite(value) ? value : null);
  return all.flatMap(({ title, mean, low, high }) =>
    x.map((at, i) => ({
      x: at,
      series: title,
      mean: known(mean[i]),
      low: known(low[i]),
      high: known(high[i]),
      alone:
        Number.isFinite(mean[i]) && !Number.isFinite(mean[i - 1]) && !Number.isFinite(mean[i + 1]),
    })),
  );
}

/**
 * Start the part of the section; returns what shows a cell there.
 * @param {Element} place
 */
export function curves(place) {
  const [title, note, numbers] = ["title", "note", "numbers"].map(
    (name) => /** @type {Element} */ (place.querySelector(`[data-curves=${name}]`)),
  );
  const charts = /** @type {HTMLElement[]} */ ([...place.querySelectorAll("[data-chart]")]);
  const drawn = charts.map((chart) => inSight(place, String(chart.dataset.chart)));

  return (/** @type {Explorer} */ explorer, /** @type {Cell} */ cell) => {
    const own = learned(explorer, cell);
    title.textContent = own.title;
    note.textContent = own.note;
    numbers.replaceChildren(...(own.numbers ? [own.numbers] : []));
    charts.forEach((chart, i) => {
      const shown = own.charts[String(chart.dataset.chart)];
      chart.hidden = !shown;
      if (shown) drawn[i](shown);
    });
  };
}

/**
 * @param {Explorer} explorer
 * @param {Cell} cell
 * @returns {Learned}
 */
function learned({ record, arrays }, cell) {
  const [validation, , fresh] = record.splits[cell.split].chance;
  if (cell.sweep) {
    const [x, all] = swept(arrays, cell.sweep);
    return {
      title: "Accuracy against k",
      note: record.replicates > 1 ? RANGES : "",
      charts: { sweep: shown("accuracy", x, all, fresh) },
      numbers: inNumbers("k", x, all),
    };
  }
  const { curve } = record.fits[cell.fit];
  const title = "Learning curve";
  if (!curve) return { title, note: "This model does not learn step by step.", charts: {} };
  const [start, end] = curve;
  const x = Array.prototype.slice.call(arrays.steps.data, start, end);
  const loss = { ...series(arrays.losses, 0, start, end), title: "Loss" };
  const right = { ...series(arrays.curves, 0, start, end, decoded), title: SUBSETS[0] };
  const { loss: counted, about_loss: about } = record.models[cell.model];
  const still = columns(arrays.curves, 3, start, end);
  const known = right.mean.some(Number.isFinite);
  const fewer = Math.min(...still) < Math.max(...still);
  return {
    title,
    note: [record.replicates > 1 && RANGES, fewer && STOPPED, about].filter(Boolean).join(" "),
    charts: {
      ...(known && { validation: shown("validation accuracy", x, [right], validation) }),
      loss: shown(counted, x, [loss]),
    },
    numbers: inNumbers("Step", x, [{ ...right, title: "Validation accuracy" }, loss], still),
  };
}

/**
 * @param {string} measured What the vertical axis is of.
 * @param {number[]} x
 * @param {Series[]} all
 * @param {number} [chance]
 * @returns {import("./chart.js").Shown}
 */
function shown(measured, x, all, chance) {
  /** @type {Record<string, object[]>} */
  const data = { curves: rows(x, all) };
  if (chance !== undefined) data.chance = [{ chance }];
  return { data, parameters: { measured } };
}

/**
 * @param {Explorer["arrays"]} arrays
 * @param {number[]} sweep
 * @returns {[number[], Series[]]}
 */
function swept(arrays, [start, end]) {
  const x = Array.prototype.slice.call(arrays.k.data, start, end);
  const all = SUBSETS.map((title, i) => ({
    ...series(arrays.sweep, 3 * i, start, end, decoded),
    title,
  }));
  return [x, all.filter(({ mean }) => mean.some(Number.isFinite))];
}

/**
 * @param {import("./pairs.js").Packed} packed
 * @param {number} row
 * @param {number} start
 * @param {number} end
 */
function columns(packed, row, start, end) {
  return part(packed, row).slice(start, end);
}

/**
 * @param {import("./pairs.js").Packed} packed
 * @param {number} row
 * @param {number} start
 * @param {number} end
 * @param {(numbers: number[]) => number[]} [decode]
 */
function series(packed, row, start, end, decode = (numbers) => numbers) {
  const [mean, low, high] = [0, 1, 2].map((i) => decode(columns(packed, row + i, start, end)));
  return { mean, low, high };
}

/**
 * The numbers of a chart, made once they are asked for.
 * @param {string} head
 * @param {number[]} x
 * @param {Series[]} all
 * @param {number[]} [still] Replicates that are still training.
 */
function inNumbers(head, x, all, still) {
  const details = element("details", {}, element("summary", {}, "These curves in numbers"));
  details.addEventListener(
    "toggle",
    () => {
      const heads = [head, ...all.flatMap(({ title }) => [title, "Lowest to highest"])];
      const lines = x.map((at, i) => [
        count(at),
        ...all.flatMap((s) => [
          write(s, s.mean[i]),
          interval([s.low[i], s.high[i]], (v) => write(s, v)) || "–",
        ]),
        ...(still ? [still[i]] : []),
      ]);
      details.append(
        table("The curves in numbers", still ? [...heads, "Replicates"] : heads, lines, "numbers"),
      );
    },
    { once: true },
  );
  return details;
}

/**
 * @param {Series} series
 * @param {number} value
 */
function write({ title }, value) {
  return title === "Loss" ? plain(value) : share(value);
}
