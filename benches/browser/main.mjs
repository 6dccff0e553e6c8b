/**
 * Runs every library through every scenario, round after round, and prints what came of it.
 *
 * Told by its environment where things are: `CHROMIUM`, `BENCH_SERVER` (its program), `SHOWCASE_BIN` and the variables that
 * it is started with; `cargo xtask bench` sets all of them. Options: `--rounds N`, `--quick` (few events, one round: only
 * whether everything works and is right), `--only NAME[,NAME]`, `--libraries NAME[,NAME]`, `--results FILE` (how many
 * measurements were right and wrong, and the tables for BENCHMARKS.md).
 */

import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { latency } from "./latency.mjs";
import { mainThread } from "./main_thread.mjs";
import { memory } from "./memory.mjs";
import { mounts } from "./mounts.mjs";
import { PEERS } from "./peers.mjs";
import { Report } from "./report.mjs";
import { SCENARIOS } from "./scenarios.mjs";
import { OURS, Stand } from "./stand.mjs";

const { values: given } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    libraries: { type: "string" },
    results: { type: "string" },
  },
});
const options = {
  quick: given.quick,
  rounds: given.quick ? 1 : Number(given.rounds),
  libraries: given.libraries?.split(",") ?? ["floor", OURS, ...PEERS.slice(1)],
};

/** Every scenario by its name, in the order of a run. */
const scenarios = {
  ...Object.fromEntries(
    SCENARIOS.map((scenario) => [scenario.name, (stand, report) => mainThread(stand, report, scenario, options)]),
  ),
  latency: (stand, report) => latency(stand, report, { ...options, rounds: Math.min(options.rounds, 3) }),
  memory: (stand, report) => memory(stand, report, options),
  mounts: (stand, report) => mounts(stand, report, options),
};
const names = given.only?.split(",") ?? Object.keys(scenarios);
const unknown = names.filter((name) => !(name in scenarios));
if (unknown.length > 0) {
  console.error(`no scenario is called ${unknown.join(", ")}; expected some of ${Object.keys(scenarios).join(", ")}`);
  process.exit(2);
}

const stand = await Stand.start({ isShared: options.quick });
const report = new Report();
report.title(`${execFileSync(process.env.CHROMIUM, ["--version"], { encoding: "utf8" }).trim()}, Node ${process.version}`);
for (const name of names) await scenarios[name](stand, report);
await stand.stop();
if (given.results !== undefined) await writeFile(given.results, report.json);
process.exit(report.failed === 0 ? 0 : 1);
