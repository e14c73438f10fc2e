// Numbers as the page writes them.

/** @type {Record<string, string>} */
const RAISED = Object.fromEntries([..."-0123456789"].map((c, i) => [c, "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"[i]]));

/**
 * A share in three digits, as in the tables.
 * @param {number|null} value
 */
export function share(value) {
  return value === null || !Number.isFinite(value) ? "–" : value.toFixed(3);
}

/**
 * A share in whole percent.
 * @param {number} value
 */
export function percent(value) {
  return `${Math.round(100 * value)}%`;
}

/**
 * A difference of shares, with its sign.
 * @param {number|null} value
 */
export function signed(value) {
  if (value === null || !Number.isFinite(value)) return "–";
  const text = Math.abs(value).toFixed(3);
  if (Number(text) === 0) return text;
  return `${value < 0 ? "−" : "+"}${text}`;
}

/**
 * An interval in words, or that there is none.
 * @param {number[]|null} ends
 * @param {(value: number) => string} [write]
 */
export function interval(ends, write = share) {
  return ends === null || !ends.every(Number.isFinite)
    ? ""
    : `${write(ends[0])} to ${write(ends[1])}`;
}

/**
 * A count, with commas; means of counts to one decimal.
 * @param {number} value
 */
export function count(value) {
  return value.toLocaleString("en-GB", { maximumFractionDigits: 1 });
}

/**
 * A count and what it counts.
 * @param {number} n
 * @param {string} word In the singular.
 */
export function several(n, word) {
  return `${count(n)} ${word}${n === 1 ? "" : "s"}`;
}

/**
 * Any number, in four digits.
 * @param {number} value
 */
export function plain(value) {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "–";
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-3)) {
    const [digits, power] = value.toExponential(2).split("e");
    const raised = [...String(Number(power))].map((c) => RAISED[c]).join("");
    return `${digits}×10${raised}`.replace("-", "−");
  }
  return String(Number(value.toPrecision(4))).replace("-", "−");
}

/**
 * Words joined by commas, and "and" before the last.
 * @param {(string|number)[]} words
 */
export function listed(words) {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}
