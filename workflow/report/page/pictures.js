// Images and weights on canvases.

import { element } from "./dom.js";

/**
 * The range of pixels that are drawn white and black: 0 and 255 of bytes, else the least and
 * the largest.
 * @param {ArrayLike<number>} pixels
 */
export function brightness(pixels) {
  if (pixels instanceof Uint8Array) return [0, 255];
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < pixels.length; i += 1) {
    low = Math.min(low, pixels[i]);
    high = Math.max(high, pixels[i]);
  }
  return low < high ? [low, high] : [low, low + 1];
}

/**
 * Draw an image in the page's ink.
 * @param {ArrayLike<number>} pixels
 * @param {number} side
 * @param {number[]} limits Of `brightness`.
 */
export function picture(pixels, side, [low, high]) {
  const ink = inks()("--pixel");
  return canvas(side, (i) => {
    const share = Math.min(1, Math.max(0, (pixels[i] - low) / (high - low)));
    return [...ink, Math.round(255 * share)];
  });
}

/**
 * Draw weights: one colour for those above 0, another for those below, paper at 0.
 * @param {ArrayLike<number>} weights
 * @param {number} side
 */
export function weightPicture(weights, side) {
  const find = inks();
  const [above, below] = [find("--above"), find("--below")];
  let highest = 0;
  for (let i = 0; i < weights.length; i += 1) highest = Math.max(highest, Math.abs(weights[i]));
  return canvas(side, (i) => {
    const share = highest > 0 ? Math.abs(weights[i]) / highest : 0;
    return [...(weights[i] > 0 ? above : below), Math.round(255 * share)];
  });
}

/**
 * A canvas that text beside it names.
 * @param {number} side
 * @param {(pixel: number) => number[]} colour
 */
function canvas(side, colour) {
  const attributes = { width: side, height: side, class: "explorer-image", "aria-hidden": "true" };
  const made = element("canvas", attributes);
  const context = made.getContext("2d");
  if (!context) return made;
  const image = context.createImageData(side, side);
  for (let i = 0; i < side * side; i += 1) image.data.set(colour(i), 4 * i);
  context.putImageData(image, 0, 0);
  return made;
}

/** Find the page's colours, as red, green and blue. */
function inks() {
  const section = document.querySelector("#explorer") ?? document.body;
  const style = getComputedStyle(section);
  return (/** @type {string} */ name) => {
    const context = element("canvas", { width: 1, height: 1 }).getContext("2d");
    if (!context) return [0, 0, 0];
    context.fillStyle = style.getPropertyValue(name).trim() || "#000000";
    context.fillRect(0, 0, 1, 1);
    return Array.from(context.getImageData(0, 0, 1, 1).data.slice(0, 3));
  };
}
