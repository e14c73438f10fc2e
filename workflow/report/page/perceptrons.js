// Perceptrons, in kernel form or by the weights of explicit features.

/**
 * @typedef {import("./predict.js").Models} Models
 * @typedef {import("./predict.js").Prediction} Prediction
 * @typedef {import("./predict.js").Products} Products
 * @typedef {import("./predict.js").View} View
 */

/**
 * Label an image by perceptrons.
 *
 * @param {Models} models
 * @param {number} index
 * @param {View} view
 * @returns {Prediction}
 */
export function byPerceptrons(models, index, view) {
  const { kind, scheme } = models.models[index];
  const scores =
    kind === "kernel" ? kernelScores(models, index, view) : weightScores(models, index, view.x);
  return decide(scores, scheme, models.classes.length);
}

/**
 * What perceptrons learned of each pixel: Σ αᵢ xᵢ.
 *
 * @param {Models} models
 * @param {number} index
 */
export function pixelWeights(models, index) {
  const { kind, size, scheme } = models.models[index];
  const titles = perceptrons(scheme, models.classes);
  const own = kind === "weights" ? ofFeatures : ofImages;
  return { images: titles.map((_, p) => own(models, index, p, size * size)), titles };
}

/** @param {Models} models @param {number} index @param {number} p @param {number} pixels */
function ofFeatures(models, index, p, pixels) {
  const { kernel, degree } = models.models[index];
  const { data, shape } = models.array(index, "weights");
  const first = kernel === "linear" ? 0 : 1;
  // The polynomial kernel counts a pixel by itself `degree` times.
  const scale = kernel === "polynomial" ? degree : 1;
  const weights = { length: pixels };
  return Float64Array.from(weights, (_, i) => data[p * shape[1] + first + i] / scale);
}

/** @param {Models} models @param {number} index @param {number} p @param {number} pixels */
function ofImages(models, index, p, pixels) {
  const train = models.train(models.models[index].size);
  const { data } = models.array(index, "coefficients");
  const visits = models.array(index, "visits").data;
  const image = new Float64Array(pixels);
  for (let i = 0; i < train.count; i++) {
    const coefficient = data[p * train.count + i] / visits[p];
    if (!coefficient) continue;
    for (let j = 0; j < pixels; j++) image[j] += coefficient * train.x[i * pixels + j];
  }
  return image;
}

/**
 * @param {Models} models
 * @param {number} size
 * @param {View} view
 * @returns {Products}
 */
function products(models, size, view) {
  if (!view.products) {
    const { x, count, pixels } = models.train(size);
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

/** @param {Models} models @param {number} index @param {View} view */
function kernelScores(models, index, view) {
  const { size, kernel, degree, constant } = models.models[index];
  const { dot, square } = products(models, size, view);
  const c = constant ** 2;
  const gram = dot.map((d, i) => {
    if (kernel === "linear") return d + c;
    if (kernel === "polynomial") return (1 + c + d) ** degree;
    // K of the images with the constant feature c appended to both.
    return 1 + (d + c) + ((d + c) ** 2 + square[i] + c * c) / 2;
  });
  const { data, shape } = models.array(index, "coefficients");
  const visits = models.array(index, "visits").data;
  return Float64Array.from({ length: shape[0] }, (_, p) => {
    let score = 0;
    for (let i = 0; i < gram.length; i++) score += data[p * gram.length + i] * gram[i];
    return score / visits[p];
  });
}

/** @param {Models} models @param {number} index @param {Float32Array} x */
function weightScores(models, index, x) {
  const { kernel, degree, constant } = models.models[index];
  const pixels = constant ? [...x, constant] : [...x];
  const order = kernel === "linear" ? 1 : kernel === "quadratic" ? 2 : degree;
  const features = kernel === "linear" ? pixels : monomials(pixels, order);
  const { data, shape } = models.array(index, "weights");
  return Float64Array.from({ length: shape[0] }, (_, p) => {
    let score = 0;
    for (let i = 0; i < shape[1]; i++) score += data[p * shape[1] + i] * features[i];
    return score;
  });
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
