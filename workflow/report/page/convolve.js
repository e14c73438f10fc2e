/** One layer of a convolutional network. */

/**
 * @typedef {{ data: Float64Array, channels: number, side: number }} Channels
 *   Square images, one after another: what goes into a convolution, and what comes out.
 */

/**
 * Filter square images, with zeros around them, and cut off what is below 0.
 *
 * @param {Channels} images
 * @param {{ data: Float64Array, shape: number[] }} filters (outputs, inputs, kernel, kernel)
 * @param {Float64Array} bias
 * @param {number} stride
 * @returns {Channels}
 */
export function convolve({ data, channels, side }, filters, bias, stride) {
  const [outputs, , kernel] = filters.shape;
  const shown = Math.ceil(side / stride);
  const found = new Float64Array(outputs * shown * shown);
  for (let y = 0; y < shown; y++) {
    for (let x = 0; x < shown; x++) {
      const top = y * stride - (kernel >> 1);
      const left = x * stride - (kernel >> 1);
      const [first, last] = [Math.max(0, -left), Math.min(kernel, side - left)];
      for (let out = 0; out < outputs; out++) {
        let sum = bias[out];
        for (let c = 0; c < channels; c++) {
          for (let i = Math.max(0, -top); i < Math.min(kernel, side - top); i++) {
            const from = (c * side + top + i) * side + left;
            const weight = ((out * channels + c) * kernel + i) * kernel;
            for (let j = first; j < last; j++) sum += filters.data[weight + j] * data[from + j];
          }
        }
        found[(out * shown + y) * shown + x] = Math.max(sum, 0);
      }
    }
  }
  return { data: found, channels: outputs, side: shown };
}
