// What a step of the ladder brings, in numbers and in words.

import { interval, listed, percent, share, signed } from "./numbers.js";
import { onFresh, onFreshByClass } from "./pairs.js";

/** @typedef {import("./pairs.js").Explorer} Explorer */
/**
 * @typedef {object} Gain
 * @property {number} size Pixels a side.
 * @property {number} accuracy Of the step, in the replicates that it is compared in.
 * @property {number} gain Over the step that it changes; NaN where there is none at this size.
 * @property {number[]|null} interval Of the gain.
 */

/**
 * What a step brings at each of its sizes, balanced by class where classes are uneven.
 * @param {Explorer} explorer
 * @param {[number, number][]} cells Sizes and numbers of cells, of the step.
 * @param {[number, number][]} below Of the step that it changes; none of the first.
 * @returns {Gain[]}
 */
export function gains(explorer, cells, below) {
  const before = new Map(below);
  return cells.map(([size, cell]) => {
    const other = before.get(size);
    const pair = /** @type {[number, number]} */ ([cell, other ?? cell]);
    const found = onFreshByClass(explorer, ...pair) ?? onFresh(explorer, ...pair);
    const { first, mean, interval: ends } = found;
    return other === undefined
      ? { size, accuracy: first, gain: NaN, interval: null }
      : { size, accuracy: first, gain: mean, interval: ends };
  });
}

/**
 * The size at which the most is gained from the first step to the last; the smallest of several.
 * @param {Gain[]} all Of the last step over the first.
 */
export function telling(all) {
  const known = all.filter(({ gain }) => Number.isFinite(gain));
  const most = Math.max(...known.map(({ gain }) => gain));
  return Math.min(...(known.length ? known.filter((g) => g.gain === most) : all).map((g) => g.size));
}

/**
 * What a step brings, in words.
 * @param {Gain[]} all
 * @param {number} guessing
 */
export function finding(all, guessing) {
  const known = all.filter(({ gain }) => Number.isFinite(gain));
  if (!known.length) return reached(all, guessing);
  if (known.every((own) => own.interval === null)) return without(known);
  const up = known.filter((own) => own.interval && own.interval[0] > 0);
  const down = known.filter((own) => own.interval && own.interval[1] < 0);
  const open = known.filter((own) => !up.includes(own) && !down.includes(own));
  const said = [];
  if (up.length) {
    const best = up.reduce((a, b) => (b.gain > a.gain ? b : a));
    said.push(`It gains${known.length > 1 ? " most" : ""} at ${square(best)}: ${written(best)}.`);
    const others = up.filter((own) => own !== best);
    if (others.length) said.push(`It gains at ${listed(others.map(square))} too.`);
  }
  if (down.length) said.push(`It costs accuracy: ${listed(down.map(each))}.`);
  if (open.length === known.length) {
    const most = open.reduce((a, b) => (Math.abs(b.gain) > Math.abs(a.gain) ? b : a));
    const what = most.gain < 0 ? "costs" : "adds";
    const others = open.length > 1 ? " The same holds at the other sizes." : "";
    said.push(
      `It ${what} ${share(Math.abs(most.gain))} at ${square(most)}, but results vary too much to be ` +
        `certain (95% interval ${interval(most.interval, signed)}).${others}`,
    );
  } else if (open.length) {
    said.push(`At ${listed(open.map(square))} results vary too much to be certain of a change.`);
  }
  return said.join(" ");
}

/**
 * What a step without one before it reaches.
 * @param {Gain[]} all
 * @param {number} guessing
 */
function reached(all, guessing) {
  const known = all.filter(({ accuracy }) => Number.isFinite(accuracy));
  if (!known.length) return "It converged in no replicate.";
  const ends = [...new Set([known[0], known[known.length - 1]])];
  const where = listed(ends.map((own) => `${share(own.accuracy)} at ${square(own)}`));
  return `It reaches ${where}; guessing gives ${share(guessing)}.`;
}

/**
 * Gains without intervals.
 * @param {Gain[]} known
 */
function without(known) {
  const best = known.reduce((a, b) => (b.gain > a.gain ? b : a));
  const down = known.filter((own) => own.gain < 0 && own !== best);
  const cost = down.length ? ` It costs accuracy: ${listed(down.map(each))}.` : "";
  const what = best.gain < 0 ? "It costs the least" : "It gains the most";
  return `${what} at ${square(best)}: ${signed(best.gain)}.${cost} There are no intervals to tell chance by.`;
}

/** @param {{size: number}} own */
function square({ size }) {
  return `${size}×${size}`;
}

/** @param {Gain} own */
function written({ gain, interval: ends }) {
  return ends ? `${signed(gain)} (95% interval ${interval(ends, signed)})` : signed(gain);
}

/** @param {Gain} own */
function each(own) {
  const ends = own.interval ? ` (${interval(own.interval, signed)})` : "";
  return `${signed(own.gain)} at ${square(own)}${ends}`;
}

/**
 * What stands out in a confusion matrix, in words: a label that far too many images get, else the
 * mistake that is made most of all.
 * @param {number[]} counts Row by row: true classes by labels.
 * @param {string[]} classes
 */
export function confusion(counts, classes) {
  const C = classes.length;
  const sums = classes.map((_, i) => total(counts.slice(i * C, (i + 1) * C)));
  const all = total(sums);
  const named = classes.map((_, j) => total(classes.map((_, i) => counts[i * C + j])));
  const top = named.indexOf(Math.max(...named));
  if (C > 2 && named[top] > 2 * sums[top]) {
    const [found, wanted] = [named[top] / all, sums[top] / all].map(percent);
    return `${found} of all images are labelled ${classes[top]}; ${wanted} should be.`;
  }
  let [worst, least] = [-1, 0];
  counts.forEach((n, at) => {
    const row = Math.floor(at / C);
    if (at % C === row || n === 0 || n / sums[row] <= least) return;
    [worst, least] = [at, n / sums[row]];
  });
  if (worst < 0) return "not one image is labelled wrong.";
  const [truth, label] = [classes[Math.floor(worst / C)], classes[worst % C]];
  return `the commonest mistake: ${percent(least)} of the images of ${truth} are labelled ${label}.`;
}

/** @param {number[]} values */
function total(values) {
  return values.reduce((sum, value) => sum + value, 0);
}
