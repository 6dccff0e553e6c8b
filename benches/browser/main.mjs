/**
 * Runs every library through every scenario, round after round, and prints what came of it.
 *
 * Told by its environment where things are: `CHROMIUM`, `BENCH_SERVER` (its program), `SHOWCASE_BIN` and the variables that
 * it is started with; `cargo xtask bench` sets all of them. Options: `--rounds N`, `--quick` (few events, one round: only
 * whether everything works and is right), `--only NAME[,NAME]`, `--libraries NAME[,NAME]`, `--results FILE` (how many
 * measurements were right and wrong, and the tables for BENCHMARKS.md).
 */

import { asked } from "./arguments.mjs";
import { latency } from "./latency.mjs";
import { mainThread } from "./main_thread.mjs";
import { memory } from "./memory.mjs";
import { mounts } from "./mounts.mjs";
import { Report } from "./report.mjs";
import { SCENARIOS } from "./scenarios.mjs";
import { Stand } from "./stand.mjs";

/** Every scenario by its name, in the order of a run. */
const scenarios = {
  ...Object.fromEntries(
    SCENARIOS.map((scenario) => [scenario.name, (stand, report) => mainThread(stand, report, scenario, options)]),
  ),
  latency: (stand, report) => latency(stand, report, { ...options, rounds: Math.min(options.rounds, 3) }),
  memory: (stand, report) => memory(stand, report, options),
  mounts: (stand, report) => mounts(stand, report, options),
};
const options = asked(Object.keys(scenarios), 5);

const stand = await Stand.start({ isShared: options.quick });
const report = Report.begin();
for (const name of options.names) await scenarios[name](stand, report);
await stand.stop();
await report.end(options.results);
