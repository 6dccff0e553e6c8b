/** Plays steps under every engine, and says in which of them we differ from htmx. */

import { expect, type Browser } from "@playwright/test";
import type { Found } from "./difference.ts";
import { HTMX_1, HTMX_2, OURS, OURS_IN_EXTENSIONS, type Engine } from "./engine.ts";
import { Run } from "./run.ts";
import type { Step } from "./step.ts";

/** Who is compared with whom. */
export interface Pair {
  ours: Engine;
  htmx: Engine;
  name: Found["htmx"];
}

const PAIR_1: Pair = { ours: OURS, htmx: HTMX_1, name: "htmx 1" };

/** For pages that the server renders in either spelling: both of a pair get the same. */
export const BOTH_SPELLINGS: readonly Pair[] = [PAIR_1, { ours: OURS_IN_EXTENSIONS, htmx: HTMX_2, name: "htmx 2" }];

/** For pages that are rendered in one spelling, which htmx 2 does not know. */
export const ONE_SPELLING: readonly Pair[] = [PAIR_1, { ours: OURS, htmx: HTMX_2, name: "htmx 2" }];

/** What the server has rendered, and where. */
export interface Rendered {
  url: string;
  html: string;
}

export interface Comparison {
  /** What we have made of each step. */
  ours: readonly Outcome[];
  found: Found[];
}

interface Outcome {
  step: string;
  lines: string[];
}

/** Plays the steps, which may depend on the page as it is before the first, to the page under each engine. */
export async function compare(
  browser: Browser,
  pairs: readonly Pair[],
  page: (engine: Engine) => Promise<Rendered>,
  steps: (run: Run) => readonly Step[] | Promise<readonly Step[]>,
): Promise<Comparison> {
  const engines = [...new Set(pairs.flatMap(({ ours, htmx }): Engine[] => [ours, htmx]))];
  const play = async (engine: Engine): Promise<[Engine, Outcome[]]> => {
    const { url, html } = await page(engine);
    const run = await Run.open(browser, engine, url, html);
    const played = await steps(run);
    const lines = await run.play(played);
    await run.close();
    expect(lines, "each step has its outcome").toHaveLength(played.length);
    return [engine, played.map(({ name }, number) => ({ step: name, lines: lines[number] ?? [] }))];
  };
  const outcomes = new Map(await Promise.all(engines.map(play)));
  const found = pairs.flatMap(({ ours, htmx, name }) => {
    const [mine, theirs] = [outcomes.get(ours) ?? [], outcomes.get(htmx) ?? []];
    // A step that only one of them has would be compared with nothing.
    const names = (all: readonly Outcome[]) => all.map(({ step }) => step);
    expect(names(theirs), `the steps under ${name}`).toEqual(names(mine));
    return theirs.flatMap(({ step, lines }, number): Found[] => {
      const one = { step, htmx: name, ours: mine[number]?.lines ?? [], theirs: lines };
      return one.ours.join("\n") === one.theirs.join("\n") ? [] : [one];
    });
  });
  return { ours: outcomes.get(OURS) ?? [], found };
}
