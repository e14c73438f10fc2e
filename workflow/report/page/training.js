// Perceptrons that learn, one of each class against the rest, as fewpixels/perceptrons/loops.py has
// them. Pixels are whole numbers, so that all sums are exact.

import { largest } from "./perceptrons.js";

/**
 * Images, row by row, and their classes.
 * @typedef {{ pixels: ArrayLike<number>, labels: ArrayLike<number>, size: number }} Images
 */

export class Perceptrons {
  /**
   * @param {Images} images Those to train on, of `size` pixels each.
   * @param {number} classes
   */
  constructor(images, classes) {
    this.images = images;
    this.classes = classes;
    this.current = new Float64Array(classes * images.size);
    /** What mistakes added, each times its time: what the average lags behind. */
    this.lag = new Float64Array(classes * images.size);
    this.visits = 0;
  }

  /**
   * Visit an image: each perceptron that is mistaken adds it to its weights, or takes it away.
   * @param {number} image
   * @returns {number} Mistakes.
   */
  visit(image) {
    const { pixels, labels, size } = this.images;
    const first = image * size;
    let mistakes = 0;
    for (let p = 0; p < this.classes; p += 1) {
      const own = p * size;
      let score = 0;
      for (let j = 0; j < size; j += 1) score += this.current[own + j] * pixels[first + j];
      const positive = labels[image] === p;
      if (score >= 0 === positive) continue;
      mistakes += 1;
      const change = positive ? 1 : -1;
      for (let j = 0; j < size; j += 1) {
        this.current[own + j] += change * pixels[first + j];
        this.lag[own + j] += change * this.visits * pixels[first + j];
      }
    }
    this.visits += 1;
    return mistakes;
  }

  /**
   * The last weights, or the mean over the weights after each visit (Freund and Schapire 1999).
   * @param {boolean} averaged
   * @returns {Float64Array} Of each class in turn.
   */
  weights(averaged) {
    if (!averaged) return this.current.slice();
    return this.current.map((weight, j) => weight - this.lag[j] / Math.max(this.visits, 1));
  }
}

/** Perceptrons on their way through epochs, and what they reached. */
export class Training {
  /**
   * @param {Images} images
   * @param {number} classes
   * @param {(epoch: number) => ArrayLike<number>} order Of the visits.
   * @param {number} epochs At most.
   */
  constructor(images, classes, order, epochs) {
    this.perceptrons = new Perceptrons(images, classes);
    this.count = images.labels.length;
    this.order = order;
    this.epochs = epochs;
    this.epoch = 0;
    /** Images visited in the epoch that is under way. */
    this.place = 0;
    /** @type {number[]} Mistakes in each epoch; the last can be under way. */
    this.mistakes = [];
    /** The image that was visited last; −1 before any. */
    this.last = -1;
  }

  get finished() {
    return this.epoch >= this.epochs;
  }

  /**
   * Visit some images, but no further than to the epoch's end.
   * @param {number} images
   * @returns {boolean} Whether an epoch ended.
   */
  advance(images) {
    if (this.finished) return false;
    const order = this.order(this.epoch);
    const stop = Math.min(this.place + images, this.count);
    let mistakes = this.place ? (this.mistakes.pop() ?? 0) : 0;
    for (; this.place < stop; this.place += 1) {
      this.last = order[this.place];
      mistakes += this.perceptrons.visit(this.last);
    }
    this.mistakes.push(mistakes);
    if (this.place < this.count) return false;
    this.place = 0;
    this.epoch += 1;
    return true;
  }
}

/**
 * Images in the order of their classes, those of a class in their own.
 * @param {ArrayLike<number>} labels
 */
export function sorted(labels) {
  return Array.from({ length: labels.length }, (_, i) => i).sort((a, b) => labels[a] - labels[b]);
}

/**
 * Count what images are labelled: the class of the largest score, of equal ones the first.
 * @param {Float64Array} weights Of each class in turn.
 * @param {Images} images
 * @param {number} classes
 * @returns {{ counts: Float64Array, right: number }} Of class c labelled l, at c × classes + l.
 */
export function confusion(weights, { pixels, labels, size }, classes) {
  const counts = new Float64Array(classes * classes);
  const scores = new Float64Array(classes);
  let right = 0;
  for (let i = 0; i < labels.length; i += 1) {
    for (let p = 0; p < classes; p += 1) {
      let score = 0;
      for (let j = 0; j < size; j += 1) score += weights[p * size + j] * pixels[i * size + j];
      scores[p] = score;
    }
    const label = largest(scores);
    counts[labels[i] * classes + label] += 1;
    right += Number(label === labels[i]);
  }
  return { counts, right };
}

/**
 * Sum images over blocks of pixels.
 * @param {ArrayLike<number>} images Row by row, one after the other.
 * @param {number} side Pixels a side before.
 * @param {number} size Pixels a side after; divides `side`.
 */
export function blockSums(images, side, size) {
  const block = side / size;
  const sums = new Float64Array((images.length / side ** 2) * size ** 2);
  for (let i = 0; i < images.length; i += 1) {
    const row = Math.floor(i / side); // of all images, one below the other
    const column = Math.floor((i % side) / block);
    sums[Math.floor(row / block) * size + column] += images[i];
  }
  return sums;
}
