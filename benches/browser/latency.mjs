/** How long an event takes from being published to being in the DOM, at a pace at which nothing waits. */

import { median, percentile, ratio } from "./report.mjs";
import { OURS, sleep } from "./stand.mjs";

const PAUSE_MS = 20;
const now = () => performance.timeOrigin + performance.now();

/** Notes when each number is first seen in the page, by the same clock as this program's. */
const WATCH = `
  globalThis.seen = [];
  new MutationObserver(() => {
    const number = Number(document.querySelector("#t > b")?.textContent);
    globalThis.seen[number] ??= performance.timeOrigin + performance.now();
  }).observe(document.getElementById("t"), { childList: true, subtree: true });
`;

async function measure(stand, library, events) {
  return await stand.withPage({ library, page: "one" }, async (page, topic) => {
    await page.evaluate(WATCH);
    const published = [];
    const isTurbo = library === "turbo";
    const begin = performance.now();
    for (let number = 0; number < events; number += 1) {
      const html = `<b>${number}</b>`;
      const data = isTurbo ? `<turbo-stream action="update" target="t"><template>${html}</template></turbo-stream>` : html;
      await sleep(Math.max(0, begin + number * PAUSE_MS - performance.now()));
      published.push(now());
      await stand.post(`/pub/${topic}`, data);
    }
    await page.until(`globalThis.seen.length === ${events}`, "the last event");
    const seen = await page.evaluate("globalThis.seen");
    const latencies = published.map((at, number) => seen[number] - at);
    if (latencies.some((latency) => !Number.isFinite(latency))) throw new Error("an event was never seen");
    // The first ones find caches cold, here and there.
    const warm = latencies.slice(Math.min(50, events / 2));
    return { p50: percentile(warm, 0.5), p99: percentile(warm, 0.99) };
  });
}

export async function latency(stand, report, { quick, rounds, libraries }) {
  const events = quick ? 20 : 500;
  const able = libraries.filter((library) => stand.can(library, "one"));
  const meant = quick ? able.filter((library) => ["floor", OURS].includes(library)) : able;
  report.title(`\`latency\`: ${1000 / PAUSE_MS} events a second, ${events} of them; ms from publishing to the DOM, ${rounds} rounds`);
  const found = new Map(meant.map((library) => [library, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const library of meant) {
      const result = await report.attempt(library, () => measure(stand, library, events));
      if (result !== undefined) found.get(library).push(result);
    }
  }
  const middle = (library, what) =>
    found.get(library)?.length ? median(found.get(library).map((result) => result[what])) : undefined;
  const rows = meant
    .filter((library) => found.get(library).length > 0)
    .map((library) => {
      const [p50, p99] = [middle(library, "p50"), middle(library, "p99")];
      return [library, p50.toFixed(2), ratio(p50, middle("floor", "p50")), p99.toFixed(2), (p99 - middle("floor", "p99")).toFixed(2)];
    });
  report.table(["", "p50", "to the floor", "p99", "ms above the floor"], rows);
}
