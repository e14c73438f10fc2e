/** Packs, as fewpixels/page/pack.py writes them. */

/**
 * @typedef {Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array |
 *   Float32Array | Float64Array} Typed
 * @typedef {{ data: Typed, shape: number[] }} Held An array, row by row.
 * @typedef {{ record: any, arrays: Record<string, Held> }} Pack
 */

const TYPES = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
};

/**
 * Unpack a record and arrays.
 *
 * @param {string} text
 * @returns {Promise<Pack>}
 */
export async function unpack(text) {
  const packed = Uint8Array.from(atob(text.trim()), (letter) => letter.charCodeAt(0));
  // Every browser since 2023 has it; not every list of types.
  const { DecompressionStream } = /** @type {any} */ (globalThis);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const buffer = await new Response(stream).arrayBuffer();
  const length = new DataView(buffer).getUint32(0, true);
  const { record, arrays } = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  /** @type {Record<string, Held>} */
  const held = {};
  for (const { name, dtype, shape, offset } of arrays) {
    const count = shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
    const Type = TYPES[/** @type {keyof typeof TYPES} */ (dtype)];
    held[name] = { data: new Type(buffer, 4 + length + offset, count), shape };
  }
  return { record, arrays: held };
}
