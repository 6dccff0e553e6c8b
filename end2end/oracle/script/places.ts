/** Where a swap goes and how it gets there: targets, inheritance, modifiers. */

import { run, say, type Act, type Case, type Step } from "../step.ts";

/** The steps of `target-<number>-<style>`. */
export function targetSteps(cases: readonly Case[]): Step[] {
  return twice(cases, (id, round) => [say(id, `<p class="hit new">new ${round}</p>`)]);
}

/** The steps of `inherit-…`. */
export function inheritanceSteps(cases: readonly Case[]): Step[] {
  return twice(cases, (id, round) => [say(id, `<b>new ${round}</b>`)]);
}

/** The steps of `modifier-<number>`: the page is looked at on the way, too. */
export function modifierSteps(cases: readonly Case[]): Step[] {
  const acts = (id: string, round: number, about: string): Act[] => {
    const title = about.includes("Title") ? `<title>title ${round}</title>` : "";
    const field = `<input id="${id}-field" name="field" value="again">`;
    const settles = `<p id="${id}-settles" class="c${round}">new ${round}</p>`;
    const lines = Array.from({ length: 9 }, (_, line) => `<p>new line ${line}</p>`);
    return [
      ...(about.includes("focus") ? [{ focus: `#${id}-field`, from: 1, to: 3 }] : []),
      say(id, [title, field, settles, ...lines].join("")),
      { look: "at once" },
      run(50),
      { look: "after 50 ms" },
      run(100),
      { look: "after 150 ms" },
    ];
  };
  return twice(cases, acts, 400);
}

function twice(cases: readonly Case[], acts: (id: string, round: number, about: string) => Act[], ms = 60): Step[] {
  return cases.flatMap(({ name, about }) =>
    [1, 2].map((round) => ({
      name: `${name.split("-")[0]} ${about} (${name}) ${round}`,
      section: name,
      acts: acts(name, round, about),
      ms,
    })),
  );
}
