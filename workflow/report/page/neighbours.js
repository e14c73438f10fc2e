// k-nearest neighbours of an image among the training images.

/** @typedef {import("./predict.js").Models} Models */

/**
 * Label an image by the votes of its nearest training images.
 *
 * @param {Models} models
 * @param {import("./predict.js").Model} model
 * @param {import("./predict.js").View} view
 * @returns {import("./predict.js").Prediction}
 */
export function neighbours(models, model, view) {
  const squares = squaresTo(models, model.size, view);
  const labels = models.pack.arrays.train_labels.data;
  const nearest = Array.from(squares.keys()).sort((a, b) => squares[a] - squares[b] || a - b);
  const votes = new Array(models.classes.length).fill(0);
  const distance = new Array(models.classes.length).fill(0);
  for (const i of nearest.slice(0, model.k)) {
    votes[labels[i]] += 1;
    distance[labels[i]] += Math.sqrt(squares[i]);
  }
  let label = 0;
  for (let c = 1; c < votes.length; c++) {
    const nearer = model.ties === "nearer" && distance[c] < distance[label];
    if (votes[c] > votes[label] || (votes[c] === votes[label] && nearer)) label = c;
  }
  // As the notebook did: without half of the votes, the smallest class present.
  if (model.ties === "published" && 2 * votes[label] < model.k) label = votes.findIndex(Boolean);
  return { label, scores: votes };
}

/**
 * Squared distances to all training images.
 *
 * @param {Models} models
 * @param {number} size
 * @param {import("./predict.js").View} view
 */
function squaresTo(models, size, view) {
  if (!view.squares) {
    const { x, count, pixels } = models.train(size);
    view.squares = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      let sum = 0;
      for (let j = 0; j < pixels; j++) {
        const difference = view.x[j] - x[i * pixels + j];
        sum += difference * difference;
      }
      view.squares[i] = sum;
    }
  }
  return view.squares;
}
