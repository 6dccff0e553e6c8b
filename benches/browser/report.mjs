/** What of a measurement is printed, and what goes to BENCHMARKS.md. */

import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";

/** That in the middle, or between the two there. */
export const median = (numbers) => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [low, high] = [Math.floor((sorted.length - 1) / 2), Math.floor(sorted.length / 2)];
  return (sorted[low] + sorted[high]) / 2;
};
export const percentile = (numbers, share) =>
  numbers.toSorted((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))];

/** Counts what was right and wrong, and collects tables. */
export class Report {
  passed = 0;
  failed = 0;
  #tables = [];

  /** Begins with what everything runs on. */
  static begin() {
    const report = new Report();
    const chromium = execFileSync(process.env.CHROMIUM, ["--version"], { encoding: "utf8" }).trim();
    report.title(`${chromium}, Node ${process.version}`);
    return report;
  }

  /** Runs one measurement; what goes wrong is counted and told, and the others go on. */
  async attempt(what, measure) {
    try {
      const found = await measure();
      this.passed += 1;
      return found;
    } catch (error) {
      this.failed += 1;
      console.log(`FAILED: ${what}: ${error.message}`);
      return undefined;
    }
  }

  title(title) {
    console.log(`\n${title}`);
    this.#tables.push(`${title}\n`);
  }

  /** A table: names of columns, and rows of text. The first column stands left. */
  table(columns, rows) {
    const widths = columns.map((column, index) => Math.max(column.length, ...rows.map((row) => row[index].length)));
    const line = (cells) =>
      cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[index]) : cell.padStart(widths[index]))).join("   ");
    for (const row of [columns, ...rows]) console.log(`  ${line(row)}`);
    const markdown = (cells) => `| ${cells.join(" | ")} |`;
    const rule = markdown(columns.map((_, index) => (index === 0 ? "---" : "---:")));
    this.#tables.push([markdown(columns), rule, ...rows.map(markdown)].join("\n"), "");
  }

  /** Ends the program, which fails if anything was wrong; what came of it goes into a file, if there is to be one. */
  async end(file) {
    const { passed, failed } = this;
    if (file !== undefined) await writeFile(file, JSON.stringify({ passed, failed, tables: this.#tables.join("\n") }));
    process.exit(failed === 0 ? 0 : 1);
  }
}

/** `a` as a multiple of `b`, if there are both. */
export const ratio = (a, b) => (a === undefined || b === undefined ? "" : `${(a / b).toFixed(2)} ×`);
