// Networks: of layers that are wholly connected, and convolutional ones.

import { convolve } from "./convolve.js";
import { largest } from "./perceptrons.js";

/**
 * @typedef {import("./convolve.js").Channels} Channels
 * @typedef {import("./predict.js").Models} Models
 * @typedef {import("./predict.js").Prediction} Prediction
 */

/** @type {Record<string, (sum: number) => number>} */
const ACTIVATIONS = {
  relu: (sum) => Math.max(sum, 0),
  atan: Math.atan,
  sigmoid: (sum) => 1 / (1 + Math.exp(-sum)),
};

/**
 * Label an image by a network of wholly connected layers.
 *
 * @param {Models} models
 * @param {number} index
 * @param {Float32Array} x
 * @returns {Prediction}
 */
export function multilayer(models, index, x) {
  const { activation, layers, mean, deviation } = models.models[index];
  let units = Float64Array.from(x, (pixel) => (pixel - mean) / deviation);
  for (let layer = 0; layer < layers; layer++) {
    const { data, shape } = models.restored(index, `w${layer}`);
    const bias = models.restored(index, `b${layer}`).data;
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
 * What each unit of the first layer learned of each pixel.
 *
 * @param {Models} models
 * @param {number} index
 */
export function firstLayer(models, index) {
  const { data, shape } = models.restored(index, "w0");
  const [pixels, units] = shape;
  const images = Array.from({ length: units }, (_, unit) =>
    Float64Array.from({ length: pixels }, (_, i) => data[i * units + unit]),
  );
  return { images, titles: images.map((_, unit) => `unit ${unit + 1}`) };
}

/**
 * What a convolutional network's layers make of an image: the responses of its filters.
 *
 * @param {Models} models
 * @param {number} index
 * @param {Float32Array} x
 * @returns {Channels[]}
 */
export function responses(models, index, x) {
  const { strides, mean, deviation, size } = models.models[index];
  const image = Float64Array.from(x, (pixel) => (pixel - mean) / deviation);
  /** @type {Channels} */
  let layer = { data: image, channels: 1, side: size };
  return strides.map((/** @type {number} */ stride, /** @type {number} */ i) => {
    const bias = models.restored(index, `b${i}`).data;
    layer = convolve(layer, models.restored(index, `w${i}`), bias, stride);
    return layer;
  });
}

/**
 * The first filters of a convolutional network, as images.
 *
 * @param {Models} models
 * @param {number} index
 */
export function filters(models, index) {
  const { data, shape } = models.restored(index, "w0");
  const [count, , side] = shape;
  const area = side * side;
  const images = Array.from({ length: count }, (_, i) => data.slice(i * area, (i + 1) * area));
  return { images, titles: images.map((_, i) => `filter ${i + 1}`), side };
}

/**
 * Label an image by a convolutional network.
 *
 * @param {Models} models
 * @param {number} index
 * @param {Float32Array} x
 * @returns {Prediction}
 */
export function convolutional(models, index, x) {
  const units = responses(models, index, x)[1].data;
  const { data, shape } = models.restored(index, "w2");
  const bias = models.restored(index, "b2").data;
  const logits = Float64Array.from({ length: shape[0] }, (_, c) => {
    let sum = 0;
    for (let i = 0; i < units.length; i++) sum += data[c * units.length + i] * units[i];
    return sum + bias[c];
  });
  return softmax(logits);
}

/** @param {Float64Array} logits @returns {Prediction} */
function softmax(logits) {
  const label = largest(logits);
  const powers = logits.map((logit) => Math.exp(logit - logits[label]));
  const total = powers.reduce((a, b) => a + b);
  return { label, scores: Array.from(powers, (power) => power / total) };
}
