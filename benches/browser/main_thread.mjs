/** How long the main thread is busy with 1,000 events. */

import { ANNOUNCING } from "./peers.mjs";
import { median, ratio } from "./report.mjs";
import { script } from "./scenarios.mjs";
import { OURS, sleep } from "./stand.mjs";

/** Included in the time, because some put work off. */
const AFTERMATH_MS = 500;

/** Sends a form so many times, with a pause for the browser after each twenty. */
const sending = (events) => `(async () => {
  const [n, text] = f.elements;
  for (let sent = 0; sent < ${events}; sent += 1) {
    n.value = String(sent);
    text.value = "message " + sent;
    f.requestSubmit();
    if (sent % 20 === 19) await new Promise((resolve) => setTimeout(resolve));
  }
})()`;

/** Where each thousand is measured by itself. */
const THOUSAND = 1_000;

/**
 * How much longer the last thousand may take than the first, as a multiple of how much longer it takes the floor: layout of a
 * list that grows is the browser's own.
 */
const GROWTH = 1.5;

/** Seconds of main thread; `parts` receives the milliseconds of each thousand. */
async function measure(stand, library, scenario, events, aftermath, parts) {
  const { page: name = scenario.name, query, sends } = scenario;
  return await stand.withPage({ library, page: name, query, sends }, async (page, topic) => {
    await sleep(aftermath);
    const before = await page.busy();
    if (sends) {
      await page.evaluate(sending(events));
      for (let waited = 0; (await stand.number(`/published/${topic}`)) < events; waited += 20) {
        if (waited > 60_000) throw new Error(`${await stand.number(`/published/${topic}`)} of ${events} messages came`);
        await sleep(20);
      }
    } else {
      const size = scenario.isFlat ? THOUSAND : events;
      for (let from = 0, busy = before; from < events; from += size) {
        const to = Math.min(from + size, events);
        await stand.post(`/script/${topic}`, script(scenario, library, to, from));
        await page.until(scenario.done(to - 1), "the last event");
        const now = await page.busy();
        parts?.push((now - busy) * 1e3);
        busy = now;
      }
    }
    await sleep(aftermath);
    const busy = (await page.busy()) - before;
    if (!(await page.evaluate(scenario.isRight(events)))) throw new Error("the DOM is not what it has to be");
    return busy;
  });
}

export async function mainThread(stand, report, scenario, { quick, rounds, libraries }) {
  const events = quick ? Math.max(scenario.events / 100, 200) : scenario.events;
  const able = libraries.filter((library) => stand.can(library, scenario.page ?? scenario.name));
  const meant = scenario.oursAlone
    ? able.filter((library) => ["floor", OURS].includes(library))
    : able.flatMap((library) => (library === "floor" ? [library, ANNOUNCING] : [library]));
  report.title(`\`${scenario.name}\`: ${events} ${scenario.title}; ms of main thread per 1,000, ${rounds} rounds`);
  const times = new Map(meant.map((library) => [library, []]));
  const parts = new Map(meant.map((library) => [library, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const library of meant) {
      const aftermath = quick ? 50 : AFTERMATH_MS;
      const found = [];
      const busy = await report.attempt(library, () => measure(stand, library, scenario, events, aftermath, found));
      if (busy === undefined) continue;
      times.get(library).push((busy * 1e6) / events);
      parts.get(library).push(found);
    }
  }
  const middle = (library) => (times.get(library)?.length ? median(times.get(library)) : undefined);
  const rows = meant
    .filter((library) => middle(library) !== undefined)
    .map((library) => {
      const found = times.get(library);
      const spread = `${Math.min(...found).toFixed(1)} to ${Math.max(...found).toFixed(1)}`;
      const ours = library === OURS ? "" : ratio(middle(OURS), middle(library));
      return [library, middle(library).toFixed(1), spread, ratio(middle(library), middle("floor")), ours];
    });
  report.table(["", "median", "spread", "to the floor", "ours to it"], rows);
  if (scenario.isFlat && !quick) await flatness(report, meant, parts);
}

/** Whether the last thousand takes no longer than the first. */
async function flatness(report, libraries, parts) {
  const measured = libraries.filter((library) => parts.get(library).length > 0);
  const each = (library) => parts.get(library)[0].map((_, index) => median(parts.get(library).map((round) => round[index])));
  const growth = (library) => each(library).at(-1) / each(library)[0];
  const count = each(measured[0]).length;
  report.title(`The same, thousand by thousand; ms of main thread`);
  const rows = measured.map((library) => [library, ...each(library).map((ms) => ms.toFixed(1)), ratio(each(library).at(-1), each(library)[0])]);
  report.table(["", ...Array.from({ length: count }, (_, index) => `${index + 1}.`), "last to first"], rows);
  await report.attempt("flat from the first to the last thousand", () => {
    if (!measured.includes("floor") || !measured.includes(OURS)) return;
    if (growth(OURS) > GROWTH * Math.max(growth("floor"), 1)) throw new Error(`${growth(OURS).toFixed(2)} times as long`);
  });
}
