/** The whole script: what is done to the cases of the page, in its order. */

import { markupSteps } from "./script/markup.ts";
import { frameSteps, outOfBandSteps } from "./script/parts.ts";
import { inheritanceSteps, modifierSteps, targetSteps } from "./script/places.ts";
import { senderSteps } from "./script/senders.ts";
import { contextSteps, styleSteps } from "./script/styles.ts";
import { sourceSteps, triggerSteps } from "./script/triggers.ts";
import type { Case, Step } from "./step.ts";

/** Places that the script may use or leave. */
const SPARE = /^(markup|oob|frame)-\d+$/;

/**
 * The steps for a page with these cases. A case that no step uses would be compared by nobody, and a step without its
 * case would compare nothing; both are mistakes.
 */
export function scriptFor(cases: readonly Case[]): Step[] {
  const of = (...kinds: string[]) => cases.filter(({ name }) => kinds.includes(name.split("-")[0] ?? ""));
  const steps = [
    ...styleSteps(of("style")),
    ...contextSteps(of("tbody", "tr", "ul", "select", "svg")),
    ...targetSteps(of("target")),
    ...inheritanceSteps(of("inherit")),
    ...modifierSteps(of("modifier")),
    ...triggerSteps(),
    ...markupSteps(),
    ...outOfBandSteps(),
    ...sourceSteps(),
    ...frameSteps(),
    ...senderSteps(),
  ];
  const used = new Set(steps.map(({ section }) => section));
  const there = new Set(cases.map(({ name }) => name));
  const idle = [...there].filter((name) => !used.has(name) && !SPARE.test(name));
  const missing = [...used].filter((name) => !there.has(name));
  const names = steps.map(({ name }) => name);
  const doubled = names.filter((name, index) => names.indexOf(name) !== index);
  for (const [what, found] of Object.entries({ idle, missing, doubled })) {
    if (found.length > 0)
      throw new Error(`expected a step for each case and a case for each step; ${what}: ${found.join(", ")}`);
  }
  return steps.map((step) => ({ ...step, section: `[data-case="${step.section}"]` }));
}

/** How many events of streams and frames of sockets the steps have. */
export function counts(steps: readonly Step[]): { events: number; frames: number } {
  const acts = steps.flatMap((step) => step.acts);
  return {
    events: acts.filter((act) => "say" in act).length,
    frames: acts.filter((act) => "frame" in act).length,
  };
}
