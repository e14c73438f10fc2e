/** Images: from a drawing to a digit of MNIST's kind, and from many pixels to few. */

/**
 * Which pixels each of `count` equal intervals covers, and by what length.
 *
 * @param {number} side pixels of the row
 * @param {number} count intervals
 * @param {number} from where they begin, in pixels
 * @param {number} to where they end
 * @returns {{ pixel: number, length: number }[][]}
 */
export function overlaps(side, count, from = 0, to = side) {
  return Array.from({ length: count }, (_, i) => {
    const left = from + (i * (to - from)) / count;
    const right = from + ((i + 1) * (to - from)) / count;
    const covered = [];
    for (let pixel = Math.max(0, Math.floor(left)); pixel < Math.min(side, right); pixel++) {
      const length = Math.min(right, pixel + 1) - Math.max(left, pixel);
      if (length > 0) covered.push({ pixel, length });
    }
    return covered;
  });
}

/**
 * Average an image down, as `fewpixels.images.downscale.downscale` does: sums first, one division last.
 *
 * @param {ArrayLike<number>} image row by row
 * @param {number} side pixels a side before
 * @param {number} size pixels a side after
 * @returns {Float32Array}
 */
export function downscale(image, side, size) {
  const covered = overlaps(side, size);
  const area = (side / size) ** 2;
  const small = new Float32Array(size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      let sum = 0;
      for (const row of covered[y]) {
        let line = 0;
        for (const column of covered[x]) {
          line += column.length * image[row.pixel * side + column.pixel];
        }
        sum += row.length * line;
      }
      small[y * size + x] = sum / area;
    }
  }
  return small;
}

/**
 * Centre a drawing as MNIST did: scaled to fit a box of 20 of 28 pixels with its proportions
 * kept, and moved by whole pixels so that its centre of mass is in the middle.
 *
 * @param {ArrayLike<number>} ink of each pixel of the drawing, 0 to 1, row by row
 * @param {number} width of the drawing
 * @param {number} side pixels a side of the result
 * @returns {Float64Array | null} ink, 0 to 1; null if there is none
 */
export function centre(ink, width, side) {
  const height = ink.length / width;
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (ink[y * width + x] > 0) {
        left = Math.min(left, x);
        right = Math.max(right, x + 1);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y + 1);
      }
    }
  }
  if (right < 0) return null;
  const scale = ((20 / 28) * side) / Math.max(right - left, bottom - top);
  const columns = Math.max(1, Math.round((right - left) * scale));
  const rows = Math.max(1, Math.round((bottom - top) * scale));
  const across = overlaps(width, columns, left, right);
  const down = overlaps(height, rows, top, bottom);
  const area = ((right - left) / columns) * ((bottom - top) / rows);
  const small = new Float64Array(rows * columns);
  let [mass, momentX, momentY] = [0, 0, 0];
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      let sum = 0;
      for (const row of down[y]) {
        for (const column of across[x]) {
          sum += row.length * column.length * ink[row.pixel * width + column.pixel];
        }
      }
      small[y * columns + x] = sum / area;
      mass += sum;
      momentX += sum * (x + 0.5);
      momentY += sum * (y + 0.5);
    }
  }
  // Of a digit with a heavy end, a corner of the box may reach beyond the image.
  const startX = within(Math.round(side / 2 - momentX / mass), side - columns);
  const startY = within(Math.round(side / 2 - momentY / mass), side - rows);
  const image = new Float64Array(side * side);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      image[(startY + y) * side + startX + x] = small[y * columns + x];
    }
  }
  return image;
}

/** @param {number} start @param {number} most */
function within(start, most) {
  return Math.min(Math.max(start, 0), most);
}
