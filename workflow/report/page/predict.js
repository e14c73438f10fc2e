/** The study's models at work: first replicate, held-out split; see fewpixels/page/models.py. */

import { downscale } from "./digit.js";
import { neighbours } from "./neighbours.js";
import { convolutional, filters, firstLayer, multilayer } from "./networks.js";
import { byPerceptrons, pixelWeights } from "./perceptrons.js";

/**
 * @typedef {import("./payload.js").Pack} Pack
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
 * @typedef {{ data: Float64Array, shape: number[] }} Weights
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
    if (model.kind === "mlp") return multilayer(this, index, view.x);
    if (model.kind === "convnet") return convolutional(this, index, view.x);
    if (model.kind === "knn") return neighbours(this, model, view);
    return byPerceptrons(this, index, view);
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
    if (model.kind === "convnet") return filters(this, index);
    const found = (model.kind === "mlp" ? firstLayer : pixelWeights)(this, index);
    return found.images.length ? { side: size, ...found } : null;
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
   * @returns {Weights}
   */
  restored(index, name) {
    const key = `${index}.${name}`;
    let weights = this.#weights.get(key);
    if (!weights) {
      const { data, shape } = this.array(index, name);
      const step = this.array(index, `${name}_step`)?.data[0] ?? 1;
      weights = { data: Float64Array.from(data, (multiple) => multiple * step), shape };
      this.#weights.set(key, weights);
    }
    return weights;
  }

  /** @type {Map<string, Weights>} */
  #weights = new Map();

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
