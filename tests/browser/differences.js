// Reads studies as JSON, and writes the paired differences of all cells; for comparison.

import { readFileSync } from "node:fs";
import { onFresh, onFreshByClass, onTest } from "../../workflow/report/page/pairs.js";

const studies = JSON.parse(readFileSync(0, "utf8"));
const found = studies.map((explorer) => {
  const cells = explorer.record.cells.map((_, i) => i);
  const pairs = cells.flatMap((a) => cells.map((b) => [a, b]));
  return pairs.map(([a, b]) => [onFresh, onTest, onFreshByClass].map((difference) => difference(explorer, a, b)));
});
process.stdout.write(JSON.stringify(found));
