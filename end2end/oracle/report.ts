/** What the oracle has found, for people and for programs. */

import { diff, HTMX, type Found, type Judged } from "./difference.ts";

/** A difference of a step, as lines. */
function described(one: Found): string {
  return [`${one.htmx}: ${one.step}`, ...diff(one.ours, one.theirs)].join("\n");
}

/** Everything that must not be: differences that nobody has decided, and decisions that nothing needs any more. */
export function complaints({ open, stale }: Judged): string {
  const undecided = open.map((one) => `not decided: ${described(one)}`);
  return [...undecided, ...stale.map((what) => `does not differ any more: ${what}`)].join("\n\n");
}

/** The decisions in one table, with the number of steps that each explains. */
export function table({ decided }: Judged): string {
  const decisions = [...new Set(decided.map(({ difference }) => difference))];
  const rows = decisions.map((difference) => {
    const counts = HTMX.map(
      (htmx) => decided.filter((one) => one.difference === difference && one.found.htmx === htmx).length,
    );
    return [
      ...counts.map((count) => (count === 0 ? "" : String(count))),
      difference.ids.join(", "),
      difference.reason,
    ];
  });
  const all = [[...HTMX, "ids", "why"], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The decisions as JSON: each with the steps that it explains, by htmx. */
export function asJson({ decided }: Judged): string {
  const decisions = [...new Set(decided.map(({ difference }) => difference))];
  const entries = decisions.map((difference) => {
    const steps = HTMX.map((htmx) => {
      const mine = decided.filter((one) => one.difference === difference && one.found.htmx === htmx);
      return [htmx, mine.map(({ found }) => found.step)];
    });
    const { ids, reason } = difference;
    return { ids, reason, steps: Object.fromEntries(steps) };
  });
  return JSON.stringify(entries, null, 2);
}
