/** The study's models at work: first replicate, held-out split; see fewpixels/page/models.py. */

import { convolve } from "./convolve.js";
import { downscale } from "./digit.js";

/**
 * @typedef {import("./convolve.js").Channels} Channels
 * @typedef {import("./payload.js").Pack} Pack
 * @typedef {import("./payload.js").Typed} Typed
 * @typedef {{ name: string, title: string, entry: string, size: number, kind: string,
 *   [value: string]: any }} Model
 * @typedef {{ label: number, scores: number[] }} Prediction Of a perceptron, scores or votes; of
 *   k-NN, votes; of a network, probabilities.
 * @typedef {{ image: ArrayLike<number>, sizes: Map<number, View> }} Scene An image to label.
 * @typedef {{ x: Float32Array, products?: Products, squares?: Float64Array }} View
 *   The image at one size, and what models of that size share.
 * @typedef {{ dot: Float64Array, square: Float64Array }} Products
 *   With each training image: Σ xz and Σ x²z².
 * @typedef {{ x: Float32Array, count: number, pixels: number }} Train
 */

export class Models {
  /** @param {Pack} pack */
  constructor(pack) {
    this.pack = pack;
    /** @type {Model[]} */
    this.models = pack.record.models;
    /** @type {number} */
    this.side = pack.record.side;
    /** @type {string[]} */
    this.classes = pack.record.classes;
    /** @type {Map<number, Train>} */
    this.trains = new Map();
  }

  /**
   * Prepare an image for all models.
   *
   * @param {ArrayLike<number>} image side × side, in the units of the data
   * @returns {Scene}
   */
  scene(image) {
    return { image, sizes: new Map() };
  }

  /**
   * The image at a size.
   *
   * @param {Scene} scene
   * @param {number} size
   * @returns {View}
   */
  view(scene, size) {
    let view = scene.sizes.get(size);
    if (!view) {
      view = { x: downscale(scene.image, this.side, size) };
      scene.sizes.set(size, view);
    }
    return view;
  }

  /**
   * Label an image by a model.
   *
   * @param {number} index of the model
   * @param {Scene} scene
   * @returns {Prediction}
   */
  predict(index, scene) {
    const model = this.models[index];
    const view = this.view(scene, model.size);
    if (model.kind === "mlp") return this.network(index, view.x);
    if (model.kind === "convnet") return this.convolutional(index, view.x);
    if (model.kind === "knn") return this.neighbours(model, view);
    const scores =
      model.kind === "kernel" ? this.kernelScores(index, view) : this.weightScores(index, view.x);
    return decide(scores, model.scheme, this.classes.length);
  }

  /**
   * What a model learned of each pixel: Σ αᵢ xᵢ of perceptrons, the first layer of a network; of a
   * convolutional one its first filters.
   *
   * @param {{ name: string, size: number }} cell
   * @returns {{ images: Float64Array[], titles: string[], side: number } | null}
   */
  weightImages({ name, size }) {
    const index = this.models.findIndex((m) => m.name === name && m.size === size);
    const model = this.models[index];
    if (!model || model.kind === "knn") return null;
    if (model.kind === "convnet") return this.filters(index);
    const pixels = size * size;
    const found = { side: size, ...this.rows(index, model, pixels) };
    return found.images.length ? found : null;
  }

  /** @param {number} index @param {Model} model @param {number} pixels */
  rows(index, model, pixels) {
    if (model.kind === "mlp") {
      const { data, shape } = this.restored(index, "w0");
      const images = Array.from({ length: shape[1] }, (_, unit) =>
        Float64Array.from({ length: pixels }, (_, i) => data[i * shape[1] + unit]),
      );
      return { images, titles: images.map((_, unit) => `unit ${unit + 1}`) };
    }
    const titles = perceptrons(model.scheme, this.classes);
    if (model.kind === "weights") {
      const { data, shape } = this.array(index, "weights");
      const first = model.kernel === "linear" ? 0 : 1;
      // The polynomial kernel counts a pixel by itself `degree` times.
      const scale = model.kernel === "polynomial" ? model.degree : 1;
      const images = titles.map((_, p) =>
        Float64Array.from({ length: pixels }, (_, i) => data[p * shape[1] + first + i] / scale),
      );
      return { images, titles };
    }
    const train = this.train(model.size);
    const { data } = this.array(index, "coefficients");
    const visits = this.array(index, "visits").data;
    const images = titles.map((_, p) => {
      const image = new Float64Array(pixels);
      for (let i = 0; i < train.count; i++) {
        const coefficient = data[p * train.count + i] / visits[p];
        if (!coefficient) continue;
        for (let j = 0; j < pixels; j++) image[j] += coefficient * train.x[i * pixels + j];
      }
      return image;
    });
    return { images, titles };
  }

  /** @param {number} index @param {string} name */
  array(index, name) {
    return this.pack.arrays[`${index}.${name}`];
  }

  /**
   * An array of weights, each a whole multiple of the array's step where they are quantised.
   *
   * @param {number} index
   * @param {string} name
   */
  restored(index, name) {
    const { data, shape } = this.array(index, name);
    const step = this.array(index, `${name}_step`)?.data[0] ?? 1;
    return { data: Float64Array.from(data, (multiple) => multiple * step), shape };
  }

  /**
   * The training images at a size.
   *
   * @param {number} size
   * @returns {Train}
   */
  train(size) {
    let train = this.trains.get(size);
    if (!train) {
      const { data, shape } = this.pack.arrays.train;
      const all = this.side ** 2;
      train = { x: new Float32Array(shape[0] * size * size), count: shape[0], pixels: size * size };
      for (let i = 0; i < train.count; i++) {
        const image = data.subarray(i * all, (i + 1) * all);
        train.x.set(downscale(image, this.side, size), i * train.pixels);
      }
      this.trains.set(size, train);
    }
    return train;
  }

  /** @param {number} size @param {View} view @returns {Products} */
  products(size, view) {
    if (!view.products) {
      const { x, count, pixels } = this.train(size);
      const dot = new Float64Array(count);
      const square = new Float64Array(count);
      for (let i = 0; i < count; i++) {
        let [sum, sumOfSquares] = [0, 0];
        for (let j = 0; j < pixels; j++) {
          const product = x[i * pixels + j] * view.x[j];
          sum += product;
          sumOfSquares += product * product;
        }
        dot[i] = sum;
        square[i] = sumOfSquares;
      }
      view.products = { dot, square };
    }
    return view.products;
  }

  /** @param {number} index @param {View} view */
  kernelScores(index, view) {
    const { size, kernel, degree, constant } = this.models[index];
    const { dot, square } = this.products(size, view);
    const c = constant ** 2;
    const gram = dot.map((d, i) => {
      if (kernel === "linear") return d + c;
      if (kernel === "polynomial") return (1 + c + d) ** degree;
      // K of the images with the constant feature c appended to both.
      return 1 + (d + c) + ((d + c) ** 2 + square[i] + c * c) / 2;
    });
    const { data, shape } = this.array(index, "coefficients");
    const visits = this.array(index, "visits").data;
    return Float64Array.from({ length: shape[0] }, (_, p) => {
      let score = 0;
      for (let i = 0; i < gram.length; i++) score += data[p * gram.length + i] * gram[i];
      return score / visits[p];
    });
  }

  /** @param {number} index @param {Float32Array} x */
  weightScores(index, x) {
    const { kernel, degree, constant } = this.models[index];
    const pixels = constant ? [...x, constant] : [...x];
    const order = kernel === "linear" ? 1 : kernel === "quadratic" ? 2 : degree;
    const features = kernel === "linear" ? pixels : monomials(pixels, order);
    const { data, shape } = this.array(index, "weights");
    return Float64Array.from({ length: shape[0] }, (_, p) => {
      let score = 0;
      for (let i = 0; i < shape[1]; i++) score += data[p * shape[1] + i] * features[i];
      return score;
    });
  }

  /** @param {Model} model @param {View} view @returns {Prediction} */
  neighbours(model, view) {
    const { x, count, pixels } = this.train(model.size);
    if (!view.squares) {
      view.squares = new Float64Array(count);
      for (let i = 0; i < count; i++) {
        let sum = 0;
        for (let j = 0; j < pixels; j++) {
          const difference = view.x[j] - x[i * pixels + j];
          sum += difference * difference;
        }
        view.squares[i] = sum;
      }
    }
    const squares = view.squares;
    const labels = this.pack.arrays.train_labels.data;
    const nearest = Array.from(squares.keys()).sort((a, b) => squares[a] - squares[b] || a - b);
    const votes = new Array(this.classes.length).fill(0);
    const distance = new Array(this.classes.length).fill(0);
    for (const i of nearest.slice(0, model.k)) {
      votes[labels[i]] += 1;
      distance[labels[i]] += Math.sqrt(squares[i]);
    }
    let label = 0;
    for (let c = 1; c < votes.length; c++) {
      const nearer = model.ties === "nearer" && distance[c] < distance[label];
      if (votes[c] > votes[label] || (votes[c] === votes[label] && nearer)) label = c;
    }
    // As the notebook did: without half of the votes, the smallest class present.
    if (model.ties === "published" && 2 * votes[label] < model.k) label = votes.findIndex(Boolean);
    return { label, scores: votes };
  }

  /** @param {number} index @param {Float32Array} x @returns {Prediction} */
  network(index, x) {
    const { activation, layers, mean, deviation } = this.models[index];
    let units = Float64Array.from(x, (pixel) => (pixel - mean) / deviation);
    for (let layer = 0; layer < layers; layer++) {
      const { data, shape } = this.cached(index, `w${layer}`);
      const bias = this.cached(index, `b${layer}`).data;
      const [inputs, outputs] = shape;
      const sums = new Float64Array(outputs);
      for (let i = 0; i < inputs; i++) {
        for (let j = 0; j < outputs; j++) sums[j] += units[i] * data[i * outputs + j];
      }
      for (let j = 0; j < outputs; j++) sums[j] += bias[j];
      units = layer < layers - 1 ? sums.map(ACTIVATIONS[activation]) : sums;
    }
    return softmax(units);
  }

  /**
   * What a convolutional network's layers make of an image: the responses of its filters.
   *
   * @param {number} index
   * @param {Float32Array} x
   * @returns {Channels[]}
   */
  responses(index, x) {
    const { strides, mean, deviation, size } = this.models[index];
    const image = Float64Array.from(x, (pixel) => (pixel - mean) / deviation);
    /** @type {Channels} */
    let layer = { data: image, channels: 1, side: size };
    return strides.map((/** @type {number} */ stride, /** @type {number} */ i) => {
      layer = convolve(layer, this.cached(index, `w${i}`), this.cached(index, `b${i}`).data, stride);
      return layer;
    });
  }

  /** @param {number} index The first filters of a convolutional network, as images. */
  filters(index) {
    const { data, shape } = this.cached(index, "w0");
    const [count, , side] = shape;
    const area = side * side;
    const images = Array.from({ length: count }, (_, i) => data.slice(i * area, (i + 1) * area));
    return { images, titles: images.map((_, i) => `filter ${i + 1}`), side };
  }

  /** @param {number} index @param {Float32Array} x @returns {Prediction} */
  convolutional(index, x) {
    const units = this.responses(index, x)[1].data;
    const { data, shape } = this.cached(index, "w2");
    const bias = this.cached(index, "b2").data;
    const logits = Float64Array.from({ length: shape[0] }, (_, c) => {
      let sum = 0;
      for (let i = 0; i < units.length; i++) sum += data[c * units.length + i] * units[i];
      return sum + bias[c];
    });
    return softmax(logits);
  }

  /** @type {Map<string, { data: Float64Array, shape: number[] }>} */
  #weights = new Map();

  /** @param {number} index @param {string} name */
  cached(index, name) {
    const key = `${index}.${name}`;
    let weights = this.#weights.get(key);
    if (!weights) {
      weights = this.restored(index, name);
      this.#weights.set(key, weights);
    }
    return weights;
  }
}

/** @type {Record<string, (sum: number) => number>} */
const ACTIVATIONS = {
  relu: (sum) => Math.max(sum, 0),
  atan: Math.atan,
  sigmoid: (sum) => 1 / (1 + Math.exp(-sum)),
};

/** @param {Float64Array} logits @returns {Prediction} */
function softmax(logits) {
  const label = largest(logits);
  const powers = logits.map((logit) => Math.exp(logit - logits[label]));
  const total = powers.reduce((a, b) => a + b);
  return { label, scores: Array.from(powers, (power) => power / total) };
}

/**
 * The first of the largest.
 * @param {ArrayLike<number>} scores
 */
export function largest(scores) {
  let best = 0;
  for (let i = 1; i < scores.length; i++) if (scores[i] > scores[best]) best = i;
  return best;
}

/**
 * Monomials of degree 0 to `degree`, in the order of `fewpixels.perceptrons.features.Features`.
 *
 * @param {number[]} pixels
 * @param {number} degree
 * @returns {number[]}
 */
export function monomials(pixels, degree) {
  /** @type {number[]} */
  const all = [];
  /** @type {(product: number, first: number, left: number) => void} */
  const extend = (product, first, left) => {
    if (!left) all.push(product);
    else for (let i = first; i < pixels.length; i++) extend(product * pixels[i], i, left - 1);
  };
  for (let k = 0; k <= degree; k++) extend(1, 0, k);
  return all;
}

/**
 * Which classes each perceptron of a scheme of pairs tells apart.
 *
 * @param {string} scheme
 * @param {number} classes
 * @returns {[number, number][]}
 */
export function pairs(scheme, classes) {
  /** @type {[number, number][]} */
  const found = [];
  for (let a = 0; a < classes; a++) {
    for (let b = scheme === "one-vs-one-unordered" ? a + 1 : 0; b < classes; b++) {
      if (a !== b) found.push([a, b]);
    }
  }
  return found;
}

/** @param {string} scheme @param {string[]} names */
function perceptrons(scheme, names) {
  if (scheme === "one-vs-rest") return names;
  return pairs(scheme, names.length).map(([a, b]) => `${names[a]} or ${names[b]}`);
}

/**
 * The label by all perceptrons: the largest score, or the most votes; a score of 0 counts as +1.
 *
 * @param {Float64Array} scores
 * @param {string} scheme
 * @param {number} classes
 * @returns {Prediction}
 */
export function decide(scores, scheme, classes) {
  if (scheme === "one-vs-rest") return { label: largest(scores), scores: Array.from(scores) };
  const votes = new Array(classes).fill(0);
  pairs(scheme, classes).forEach(([a, b], p) => (votes[scores[p] >= 0 ? a : b] += 1));
  return { label: largest(votes), scores: votes };
}

/**
 * Prepare the models of a pack.
 *
 * @param {Pack} pack
 * @returns {Models}
 */
export function load(pack) {
  return new Models(pack);
}
