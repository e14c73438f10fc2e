// Cells in pairs: paired differences with their intervals, and where two labellings disagree.
// Intervals are those of fewpixels/statistics/intervals.py, from sums that the pack holds.

/** @typedef {{data: ArrayLike<number>, shape: number[]}} Packed */
/**
 * @typedef {object} Cell
 * @property {number} split
 * @property {number} size Pixels a side.
 * @property {number} model
 * @property {number} fit
 * @property {number[]} images Validation, test and fresh.
 * @property {number[]} [chosen] Lowest, median and highest of what validation chose.
 * @property {number} [first] What it chose in replicate 0.
 * @property {number} [test] Its matrix of confused test images.
 * @property {number[]} [sweep] Where its sweep over k begins and ends.
 * @property {([number, number|null, number|null]|null)[]} [balanced] By class, with intervals.
 */
/**
 * @typedef {object} Fit
 * @property {boolean} honest Whether the honest split trains it.
 * @property {(number|null)} [parameters]
 * @property {(number|null)} [multiplications]
 * @property {(number|null)} [bytes]
 * @property {number[]} [curve] Where its curve begins and ends.
 */
/**
 * @typedef {object} Split
 * @property {string} name
 * @property {string} title
 * @property {{n_train?: number, n_test?: number, n_pool?: number}} sampling Empty where fixed.
 * @property {string[]} about What intervals are for.
 * @property {boolean} tested Whether no test image is trained on.
 * @property {number[]} chance Accuracy without looking, on validation, test and fresh images.
 */
/**
 * @typedef {object} Named A model, and what its family's numbers are called.
 * @property {string} name
 * @property {string} entry
 * @property {string} title
 * @property {string} loss
 * @property {string} about_loss
 * @property {string} voters What votes for a label; empty where nothing does.
 */
/**
 * @typedef {object} Explored
 * @property {string[]} classes
 * @property {number} replicates
 * @property {Split[]} splits
 * @property {Named[]} models
 * @property {Cell[]} cells
 * @property {Fit[]} fits
 * @property {number[]} start
 * @property {number} fresh How many fresh images the study has.
 * @property {string} honest Title of the split whose fits have their costs counted.
 * @property {{t: number[], z: number}} quantiles
 */
/** @typedef {{record: Explored, arrays: Record<string, Packed>}} Explorer */
/**
 * @typedef {object} Difference
 * @property {number[]} replicates That converged in both.
 * @property {number} first Accuracy of A over those; NaN without any.
 * @property {number} second Accuracy of B.
 * @property {number} mean Of the paired differences.
 * @property {number[]|null} interval
 * @property {number} better Replicates in which A is the better.
 * @property {number} equal Replicates in which they are equal.
 */

const TEST = 1;
const FRESH = 2;

/**
 * The part of a packed array at some leading indices.
 * @param {Packed} packed
 * @param {...number} index
 * @returns {number[]}
 */
export function part(packed, ...index) {
  const length = packed.shape.slice(index.length).reduce((a, b) => a * b, 1);
  const start = index.reduce((at, i, axis) => at * packed.shape[axis] + i, 0) * length;
  return Array.prototype.slice.call(packed.data, start, start + length);
}

/**
 * Where a pair of fits is among all pairs (0, 1), (0, 2), …, (1, 2), ….
 * @param {number} a
 * @param {number} b Another.
 * @param {number} fits
 */
export function pairIndex(a, b, fits) {
  const [i, j] = a < b ? [a, b] : [b, a];
  return (i * (2 * fits - i - 1)) / 2 + j - i - 1;
}

/**
 * Paired difference of accuracy on fresh images; no interval where the pack lacks the sums, or
 * the two cells' images were drawn differently.
 * @param {Explorer} explorer
 * @param {number} a Number of a cell.
 * @param {number} b
 * @returns {Difference}
 */
export function onFresh({ record, arrays }, a, b) {
  const [first, second] = [record.cells[a], record.cells[b]];
  const n = first.images[FRESH];
  const found = summary(part(arrays.correct, a, FRESH), part(arrays.correct, b, FRESH), n, n);
  const [own, other] = [first, second].map((cell) => record.splits[cell.split].sampling);
  const k = found.difference.replicates.length;
  if (first.fit === second.fit) {
    // The same trained models label all images alike, those that are not here too.
    if (k) found.difference.interval = [0, 0];
    return found.difference;
  }
  const same = JSON.stringify(own) === JSON.stringify(other);
  if (!same || !arrays.squares) return found.difference;
  const squares = arrays.squares.data[pairIndex(first.fit, second.fit, record.fits.length)];
  // Means over replicates, with z² imaginary images, half of them at either end, −1 and 1.
  const imaginary = record.quantiles.z ** 2;
  const count = n + imaginary;
  const middle = found.total / k / count;
  const images = ((squares / k ** 2 + imaginary) / count - middle ** 2) / count;
  if (own.n_train === undefined || own.n_pool === undefined) {
    found.difference.interval = ends(middle, images, k ? record.quantiles.z : NaN);
  } else {
    const shared = own.n_train / (own.n_pool - own.n_train) + 1 / Math.max(k, 1);
    found.difference.interval = ends(middle, found.variance * shared + images, student(record, k));
  }
  return found.difference;
}

/**
 * Paired difference of accuracy on test images; null unless both have the same. No interval
 * where these can be training images too.
 * @param {Explorer} explorer
 * @param {number} a
 * @param {number} b
 * @returns {Difference|null}
 */
export function onTest({ record, arrays }, a, b) {
  const [first, second] = [record.cells[a], record.cells[b]];
  if (first.split !== second.split || !first.images[TEST]) return null;
  const [n, m] = [first.images[TEST], second.images[TEST]];
  const found = summary(part(arrays.correct, a, TEST), part(arrays.correct, b, TEST), n, m);
  const { sampling, tested } = record.splits[first.split];
  if (tested && sampling.n_train !== undefined && sampling.n_test !== undefined) {
    const k = found.difference.replicates.length;
    const variance = found.variance * (1 / Math.max(k, 1) + sampling.n_test / sampling.n_train);
    found.difference.interval = ends(found.difference.mean, variance, student(record, k));
  }
  return found.difference;
}

/**
 * Images that two fits label differently well: positions among the images with labels.
 * @param {Explorer} explorer
 * @param {number} a
 * @param {number} b
 * @param {ArrayLike<number>} classes True classes of the page's fresh images.
 */
export function disagreement({ record, arrays }, a, b, classes) {
  const images = arrays.labelled.data;
  const own = part(arrays.labels, record.cells[a].fit);
  const other = part(arrays.labels, record.cells[b].fit);
  /** @type {{image: number, first: number, second: number}[]} */
  const onlyFirst = [];
  /** @type {{image: number, first: number, second: number}[]} */
  const onlySecond = [];
  let both = 0;
  let neither = 0;
  own.forEach((label, i) => {
    const image = images[i];
    const [right, too] = [label === classes[image], other[i] === classes[image]];
    if (right && too) both += 1;
    else if (!right && !too) neither += 1;
    else (right ? onlyFirst : onlySecond).push({ image, first: label, second: other[i] });
  });
  return { both, neither, onlyFirst, onlySecond };
}

/**
 * The first of each class, as evenly as there are (fewpixels/page/cells.py).
 * @template T
 * @param {T[]} all
 * @param {number} most
 * @param {(one: T) => number} classOf
 * @returns {T[]} In their order.
 */
export function evenly(all, most, classOf) {
  /** @type {Map<number, number>} */
  const seen = new Map();
  const ranked = all.map((one, i) => {
    const own = classOf(one);
    const rank = seen.get(own) ?? 0;
    seen.set(own, rank + 1);
    return { i, own, rank };
  });
  ranked.sort((a, b) => a.rank - b.rank || a.own - b.own);
  const kept = ranked.slice(0, most).map(({ i }) => i);
  return kept.sort((a, b) => a - b).map((i) => all[i]);
}

/**
 * @param {number[]} own Images that each replicate labels rightly; −1 where it diverged.
 * @param {number[]} other
 * @param {number} n Images of the one.
 * @param {number} m Images of the other.
 */
function summary(own, other, n, m) {
  const replicates = own.map((_, r) => r).filter((r) => own[r] >= 0 && other[r] >= 0);
  const differences = replicates.map((r) => own[r] / n - other[r] / m);
  const mean = average(differences);
  const k = replicates.length;
  const squares = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0);
  return {
    total: replicates.reduce((sum, r) => sum + own[r] - other[r], 0),
    variance: k > 1 ? squares / (k - 1) : 0,
    /** @type {Difference} */
    difference: {
      replicates,
      first: average(replicates.map((r) => own[r] / n)),
      second: average(replicates.map((r) => other[r] / m)),
      mean,
      interval: null,
      better: differences.filter((d) => d > 0).length,
      equal: differences.filter((d) => d === 0).length,
    },
  };
}

/** @param {number[]} values */
function average(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * @param {Explored} record
 * @param {number} k Replicates.
 */
function student(record, k) {
  return k > 1 ? record.quantiles.t[k - 2] : NaN;
}

/**
 * @param {number} middle
 * @param {number} variance
 * @param {number} quantile NaN where nothing is known of the spread.
 * @returns {number[]|null}
 */
function ends(middle, variance, quantile) {
  const half = quantile * Math.sqrt(variance);
  return Number.isFinite(half) ? [Math.max(-1, middle - half), Math.min(1, middle + half)] : null;
}
