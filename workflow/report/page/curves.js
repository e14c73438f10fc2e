// How a cell learned: learning curves, and sweeps over k.

import { lineChart } from "./charts.js";
import { block, element, table } from "./dom.js";
import { count, interval, plain, share } from "./numbers.js";
import { part } from "./pairs.js";

/** @typedef {import("./pairs.js").Explorer} Explorer */
/** @typedef {import("./pairs.js").Cell} Cell */

export const SUBSETS = ["Validation", "Test", "Fresh"];

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
 * @param {import("./pairs.js").Packed} packed
 * @param {number} row
 * @param {number} start
 * @param {number} end
 */
function columns(packed, row, start, end) {
  return part(packed, row).slice(start, end);
}

/**
 * @param {Explorer} explorer
 * @param {Cell} cell
 */
export function curves({ record, arrays }, cell) {
  const [learning, , fresh] = record.splits[cell.split].chance;
  const chance = { value: cell.sweep ? fresh : learning, label: "chance" };
  if (cell.sweep) {
    const [start, end] = cell.sweep;
    const x = Array.prototype.slice.call(arrays.k.data, start, end);
    const all = SUBSETS.map((title, i) => ({
      ...series(arrays.sweep, 3 * i, start, end, decoded),
      title,
      kind: `mark-${i}`,
    })).filter(({ mean }) => mean.some(Number.isFinite));
    const name = "Accuracy against k, the number of neighbours: means and ranges over replicates";
    const chart = { name, x, series: all, xLabel: "k", yLabel: "accuracy (share)" };
    return block(
      "Accuracy against k",
      element("div", { class: "explorer-charts" }, lineChart({ ...chart, top: 1, line: chance })),
      element(
        "p",
        { class: "explorer-note" },
        "Lines are means over replicates, bands reach from the lowest to the highest.",
      ),
      numbers("k", x, all),
    );
  }
  const { curve } = record.fits[cell.fit];
  if (!curve) {
    return block("Learning curve", element("p", {}, "This model does not learn step by step."));
  }
  const [start, end] = curve;
  const x = Array.prototype.slice.call(arrays.steps.data, start, end);
  const loss = { ...series(arrays.losses, 0, start, end), title: "Loss", kind: "mark-1" };
  const right = {
    ...series(arrays.curves, 0, start, end, decoded),
    title: "Validation accuracy",
    kind: "mark-0",
  };
  const { loss: counted, about_loss: about } = record.models[cell.model];
  const xLabel = "step";
  const still = columns(arrays.curves, 3, start, end);
  const fewer = Math.min(...still) < Math.max(...still);
  return block(
    "Learning curve",
    element(
      "div",
      { class: "explorer-charts" },
      lineChart({
        name: `Validation accuracy by step: mean and range over replicates`,
        x,
        series: [right],
        xLabel,
        yLabel: "validation accuracy (share)",
        top: 1,
        line: chance,
      }),
      lineChart({
        name: `${counted[0].toUpperCase()}${counted.slice(1)} by step: mean and range over replicates`,
        x,
        series: [loss],
        xLabel,
        yLabel: counted,
      }),
    ),
    element(
      "p",
      { class: "explorer-note" },
      "Lines are means over replicates, bands reach from the lowest to the highest.",
      fewer
        ? " Replicates that have stopped or diverged are left out from there on: lines can jump."
        : "",
      about && ` ${about}`,
    ),
    numbers("Step", x, [right, loss], still),
  );
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
 * @param {import("./charts.js").Series[]} all
 * @param {number[]} [still] Replicates that are still training.
 */
function numbers(head, x, all, still) {
  const details = element("details", {}, element("summary", {}, "These curves in numbers"));
  details.addEventListener(
    "toggle",
    () => {
      const heads = [head, ...all.flatMap(({ title }) => [title, "Lowest to highest"])];
      const rows = x.map((at, i) => [
        count(at),
        ...all.flatMap((s) => [
          write(s, s.mean[i]),
          interval([s.low[i], s.high[i]], (v) => write(s, v)) || "–",
        ]),
        ...(still ? [still[i]] : []),
      ]);
      details.append(
        table("The curves in numbers", still ? [...heads, "Replicates"] : heads, rows, "numbers"),
      );
    },
    { once: true },
  );
  return details;
}

/**
 * @param {import("./charts.js").Series} series
 * @param {number} value
 */
function write({ title }, value) {
  return title === "Loss" ? plain(value) : share(value);
}
