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
 * @property {string[]} axes Of the entry's grid.
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
 * @property {number[]} counts How many of them are of each class.
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
  const n = record.cells[a].images[FRESH];
  const counts = (/** @type {number} */ cell) => part(arrays.correct, cell, FRESH);
  const found = summary(share(counts(a), n), share(counts(b), n));
  const [i, j] = [a, b].map((cell) => record.cells[cell].fit);
  const k = found.difference.replicates.length;
  if (i === j || !arrays.squares) return within(record, a, b, found, null);
  const squares = arrays.squares.data[pairIndex(i, j, record.fits.length)] / k ** 2;
  // Means over replicates, with z² imaginary images, half of them at either end, −1 and 1.
  const imaginary = record.quantiles.z ** 2;
  const count = n + imaginary;
  const middle = (n * found.difference.mean) / count;
  const variance = ((squares + imaginary) / count - middle ** 2) / count;
  return within(record, a, b, found, { middle, variance });
}

/**
 * The same, balanced by class; null where classes are even, or too many for the pack.
 * @param {Explorer} explorer
 * @param {number} a
 * @param {number} b
 * @returns {Difference|null}
 */
export function onFreshByClass({ record, arrays }, a, b) {
  if (!arrays.class_right) return null;
  const [i, j] = [a, b].map((cell) => record.cells[cell].fit);
  const classes = record.counts.flatMap((n, c) => (n ? [{ n, c }] : []));
  /** Right labels of each replicate and class, NaN where it diverged. */
  const right = (/** @type {number} */ fit) =>
    part(arrays.lost, fit).map((lost, r) => (lost ? null : part(arrays.class_right, fit, r)));
  const [own, other] = [right(i), right(j)];
  const recalls = (/** @type {(number[]|null)[]} */ rights) =>
    rights.map((row) => (row ? average(classes.map(({ n, c }) => row[c] / n)) : NaN));
  const found = summary(recalls(own), recalls(other));
  if (i === j || !arrays.class_squares) return within(record, a, b, found, null);
  const { replicates } = found.difference;
  const squares = part(arrays.class_squares, pairIndex(i, j, record.fits.length));
  // Each class has its share of the imaginary images (_by_class of statistics/intervals.py).
  const imaginary = record.quantiles.z ** 2 / classes.length;
  const ofClasses = classes.map(({ n, c }) => {
    const of = (/** @type {number} */ r) => ((own[r]?.[c] ?? NaN) - (other[r]?.[c] ?? NaN)) / n;
    const mean = average(replicates.map(of));
    const around = squares[c] / replicates.length ** 2 - n * mean ** 2;
    const spread = n > 1 ? (around * n) / (n - 1) : 1;
    const middle = (n * mean) / (n + imaginary);
    const total = spread + n * (mean - middle) ** 2 + imaginary * (1 + middle ** 2);
    return { middle, variance: total / (n + imaginary) ** 2 };
  });
  const middle = average(ofClasses.map((own) => own.middle));
  const variance = average(ofClasses.map((own) => own.variance)) / classes.length;
  return within(record, a, b, found, { middle, variance });
}

/**
 * Give a difference on fresh images its interval.
 * @param {Explored} record
 * @param {number} a
 * @param {number} b
 * @param {Summary} found
 * @param {{middle: number, variance: number}|null} images What the fresh images tell; null where
 *   nothing is known.
 */
function within(record, a, b, { difference, variance }, images) {
  const [first, second] = [record.cells[a], record.cells[b]];
  const [own, other] = [first, second].map((cell) => record.splits[cell.split].sampling);
  const k = difference.replicates.length;
  if (first.fit === second.fit) {
    // The same trained models label all images alike, those that are not here too.
    if (k) difference.interval = [0, 0];
  } else if (images && JSON.stringify(own) === JSON.stringify(other)) {
    if (own.n_train === undefined || own.n_pool === undefined) {
      const quantile = k ? record.quantiles.z : NaN;
      difference.interval = ends(images.middle, images.variance, quantile);
    } else {
      const shared = own.n_train / (own.n_pool - own.n_train) + 1 / Math.max(k, 1);
      const total = variance * shared + images.variance;
      difference.interval = ends(images.middle, total, student(record, k));
    }
  }
  return difference;
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
  const found = summary(
    share(part(arrays.correct, a, TEST), n),
    share(part(arrays.correct, b, TEST), m),
  );
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
 * Shares of n images; NaN where a replicate diverged.
 * @param {number[]} counts −1 where it did.
 * @param {number} n
 */
function share(counts, n) {
  return counts.map((count) => (count < 0 ? NaN : count / n));
}

/**
 * @typedef {{difference: Difference, variance: number}} Summary A difference as yet without
 *   interval, and the variance of replicates.
 */
/**
 * @param {number[]} own Accuracy of each replicate; NaN where it diverged.
 * @param {number[]} other
 * @returns {Summary}
 */
function summary(own, other) {
  const replicates = own.map((_, r) => r).filter((r) => own[r] >= 0 && other[r] >= 0);
  const differences = replicates.map((r) => own[r] - other[r]);
  const mean = average(differences);
  const k = replicates.length;
  const squares = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0);
  const difference = {
    replicates,
    first: average(replicates.map((r) => own[r])),
    second: average(replicates.map((r) => other[r])),
    mean,
    interval: null,
    better: differences.filter((d) => d > 0).length,
    equal: differences.filter((d) => d === 0).length,
  };
  return { difference, variance: k > 1 ? squares / (k - 1) : 0 };
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
