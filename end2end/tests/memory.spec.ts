/**
 * Thousands of sources that come and go leave nothing behind: no connection, no reader, no listener, no node, and no
 * memory that grows with their number. `#cycle` mounts and unmounts a hundred at a time.
 *
 * Memory is compared after 1,000 and after 2,000 sources, because the first ones warm up allocators and compilers.
 * Swaps are compared after 1,000 and after 2,500; they come in batches that the page has to finish, so that no burst
 * makes a buffer larger than the last one.
 *
 * Compilers go on adding to the heap for long, in steps of up to 150 kB that come when they please. A leak adds to it
 * all the time. So the heap is measured ten times on the way, and what is judged is a growth that most of these times
 * exceed; it has to be far below one small object per source.
 */

import type { Page } from "@playwright/test";
import { expect, hydrated, test } from "../live.ts";
import { MemoryProbe, type Held } from "../memory_probe.ts";
import { uniqueTopic } from "../unique_topic.ts";

const STREAM = /\/testkit\/sse\?/;
/** A JavaScript object with a closure and a listener takes more than this. */
const HEAP_BYTES_EACH = 100;
/** Wasm memory grows by pages of 64 KiB; one may be due to chance. */
const WASM_PAGE = 65_536;
/** So many swaps at a time, fewer than any buffer on the way holds. */
const BATCH = 50;

async function cycle(page: Page, upTo: number): Promise<void> {
  const cycles = page.locator("#cycles");
  for (let count = Number(await cycles.textContent()) + 1; count <= upTo; count += 1) {
    await page.locator("#cycle").click();
    await expect(cycles).toHaveText(String(count));
  }
}

/** What is held each time that so many more, `each`, have come and gone. */
function expectNoMore(held: Held[], { each, nodes }: { each: number; nodes: number }): void {
  const [first, last] = [held[0], held.at(-1)];
  if (first === undefined || last === undefined) throw new Error("expected measurements");
  expect(last.listeners, "listeners").toBeLessThanOrEqual(first.listeners);
  expect(last.nodes, "nodes").toBeLessThanOrEqual(first.nodes + nodes);
  expect(last.wasm - first.wasm, "bytes of wasm memory").toBeLessThanOrEqual(WASM_PAGE);
  const growth = held.slice(1).map(({ heap }, index) => heap - (held[index]?.heap ?? heap));
  const steady = growth.toSorted((a, b) => a - b)[Math.floor(growth.length / 4)] ?? Number.NaN;
  expect(steady / each, `bytes of heap for each; for ${each}: ${growth}`).toBeLessThan(HEAP_BYTES_EACH);
}

for (const { shared, query, requestsPerCycle } of [
  { shared: "one connection for all", query: "", requestsPerCycle: 1 },
  // The browser opens six connections to one server at a time; most sources are gone before it is their turn.
  { shared: "a connection for each", query: "&private=1", requestsPerCycle: 6 },
]) {
  test(`@csr 2,000 sources mounted and unmounted, ${shared}`, async ({ page, server }, testInfo) => {
    test.setTimeout(120_000);
    const topic = uniqueTopic("memory");
    const probe = await MemoryProbe.on(page);
    let requests = 0;
    page.on("request", (request) => {
      if (STREAM.test(request.url())) requests += 1;
    });
    let responses = 0;
    page.on("response", (response) => {
      if (STREAM.test(response.url()) && response.status() === 200) responses += 1;
    });
    await page.goto(`${server.url}/testkit/mounts?topic=${topic}${query}`);
    await hydrated(page);
    const quiet = () =>
      server.expectStats(
        ({ sse_connections, topics, tasks }) =>
          sse_connections === 0 && tasks === 0 && (topics[topic]?.subscribers ?? 0) === 0,
        "no connection, no reader and no task",
      );
    await quiet();
    const after = async (cycles: number): Promise<Held> => {
      await cycle(page, cycles);
      await quiet();
      expect(requests, "requests of the sources").toBeGreaterThanOrEqual(cycles * requestsPerCycle);
      return probe.held();
    };
    const held: Held[] = [];
    for (let cycles = 10; cycles <= 20; cycles += 1) held.push(await after(cycles));
    expect(responses, "some sources must have been answered in time").toBeGreaterThan(0);
    testInfo.annotations.push({ type: "held", description: JSON.stringify({ held, requests, responses }) });
    expectNoMore(held, { each: 100, nodes: 10 });
  });
}

test("thousands of swaps leave nothing behind either", async ({ page, server }, testInfo) => {
  const topic = uniqueTopic("memory");
  const probe = await MemoryProbe.on(page);
  await page.goto(`${server.url}/testkit/components?topic=${topic}`);
  await hydrated(page);
  await expect(page.getByTestId("sse-source")).toHaveAttribute("data-state", "open");
  let published = 0;
  const after = async (swaps: number): Promise<Held> => {
    while (published < swaps) {
      for (let count = 0; count < BATCH; count += 1) {
        published += 1;
        const live = `<p id="p" hx-sse="swap:inner">${published}</p><b hx-trigger="sse:inner" hx-get="/x">.</b>`;
        await server.publish(topic, "message", live);
      }
      await expect(page.locator("#p")).toHaveText(String(published));
    }
    return probe.held();
  };
  const held: Held[] = [];
  for (let swaps = 1_000; swaps <= 2_500; swaps += 150) held.push(await after(swaps));
  testInfo.annotations.push({ type: "held", description: JSON.stringify(held) });
  expectNoMore(held, { each: 150, nodes: 20 });
});
