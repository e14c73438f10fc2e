// A reader's picture, as an image of the study's kind.

import { centre, downscale } from "./digit.js";

/** @typedef {{ data: ArrayLike<number>, width: number, height: number }} Pixels Red, green, blue, alpha. */
/** @typedef {{ shades: Float64Array, width: number }} Grey Of each pixel 0, black, to 1, white. */

// Pixels of the longer side, at most: more show no more.
const LONGEST = 560;
// Of the range of shades: the least that a drawing must differ from its ground by, and what is
// taken for shadows on it.
const LEAST = 0.1;
const SHADOW = 0.3;

/**
 * Decode a picture.
 * @param {Blob} blob
 * @returns {Promise<Pixels>}
 */
export async function decoded(blob) {
  const bitmap = await createImageBitmap(blob).catch(() => {
    throw new Error("This is no picture that the browser can read: try PNG or JPEG.");
  });
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  if (!context) throw new Error("The browser gives no canvas to read the picture on.");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/**
 * Turn a picture to grey, as a folder of images is; what is transparent is white.
 * @param {Pixels} pixels
 * @returns {Grey}
 */
export function grey({ data, width, height }) {
  const shades = Float64Array.from({ length: width * height }, (_, i) => {
    const [red, green, blue, alpha] = [0, 1, 2, 3].map((part) => data[4 * i + part] / 255);
    return alpha * (0.299 * red + 0.587 * green + 0.114 * blue) + 1 - alpha;
  });
  return { shades, width };
}

/**
 * Take a picture for a drawing: dark on light or light on dark, whichever stands out more.
 * @param {Grey} grey
 * @param {number} side Pixels a side of the result.
 * @returns {Float64Array} Ink, 0 to 1, scaled and centred.
 */
export function asDrawing({ shades, width }, side) {
  const ground = median(edges(shades, width));
  let [low, high] = [ground, ground];
  for (const shade of shades) [low, high] = [Math.min(low, shade), Math.max(high, shade)];
  const reach = Math.max(ground - low, high - ground);
  if (reach < LEAST) throw new Error("Nothing can be seen in this picture: it is all of one shade.");
  const sign = ground - low >= high - ground ? -1 : 1;
  const ink = shades.map((shade) => {
    const share = (sign * (shade - ground)) / reach;
    return Math.max(0, (share - SHADOW) / (1 - SHADOW));
  });
  return /** @type {Float64Array} */ (centre(ink, width, side));
}

/**
 * Cut the middle of a picture to a square, and average it down.
 * @param {Grey} grey
 * @param {number} side Pixels a side of the result.
 * @returns {Float32Array} Shades, 0 to 1.
 */
export function asPhotograph({ shades, width }, side) {
  const height = shades.length / width;
  const least = Math.min(width, height);
  if (least < side) throw new Error(`This picture is too small: it takes ${side} pixels a side or more.`);
  const [left, top] = [(width - least) >> 1, (height - least) >> 1];
  const square = new Float64Array(least * least);
  for (let y = 0; y < least; y++) {
    const from = (top + y) * width + left;
    square.set(shades.subarray(from, from + least), y * least);
  }
  return downscale(square, least, side);
}

/** @param {Float64Array} shades @param {number} width */
function edges(shades, width) {
  const height = shades.length / width;
  return shades.filter((_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return x === 0 || y === 0 || x === width - 1 || y === height - 1;
  });
}

/** @param {Float64Array} numbers */
function median(numbers) {
  return numbers.sort()[numbers.length >> 1];
}
