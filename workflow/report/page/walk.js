// A walk over images in a random order, which is the same for every reader.

/**
 * The numbers below a count in a random order, by a generator with a seed of its own (mulberry32).
 * @param {number} count
 * @param {number} [seed]
 * @returns {number[]}
 */
export function shuffled(count, seed = 1) {
  let state = seed;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/**
 * Where a walk is after a step; it goes round, and from elsewhere to one of its ends.
 * @param {number[]} order Not empty.
 * @param {number} at One of them, or any other number.
 * @param {1 | -1} step
 */
export function stepped(order, at, step) {
  const place = order.indexOf(at);
  if (place < 0) return order[step > 0 ? 0 : order.length - 1];
  return order[(place + step + order.length) % order.length];
}
