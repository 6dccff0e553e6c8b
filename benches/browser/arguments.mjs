/** What the programs of this folder are asked for: their options are the same. */

import { parseArgs } from "node:util";
import { PEERS } from "./peers.mjs";
import { OURS } from "./stand.mjs";

/** Reads the command line of a program with these scenarios; one that names another ends it. Rounds are so many unless given. */
export function asked(scenarios, rounds) {
  const { values: given } = parseArgs({
    options: {
      rounds: { type: "string", default: String(rounds) },
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      libraries: { type: "string" },
      results: { type: "string" },
    },
  });
  const names = given.only?.split(",") ?? scenarios;
  const unknown = names.filter((name) => !scenarios.includes(name));
  if (unknown.length > 0) {
    console.error(`no scenario is called ${unknown.join(", ")}; expected some of ${scenarios.join(", ")}`);
    process.exit(2);
  }
  return {
    names,
    quick: given.quick,
    rounds: given.quick ? 1 : Number(given.rounds),
    libraries: given.libraries?.split(",") ?? ["floor", OURS, ...PEERS.slice(1)],
    results: given.results,
  };
}
