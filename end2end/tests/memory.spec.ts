/**
 * A thousand sources that come and go leave nothing behind: no connection, no reader, no listener, no node, and no
 * memory that grows with their number. `#cycle` mounts and unmounts a hundred at a time.
 *
 * Memory is compared after 300 and after 1,000 sources, because the first ones warm up allocators and compilers. The
 * bounds are far below one small object per source, over the 700 in between.
 */

import type { Page } from "@playwright/test";
import { expect, hydrated, test } from "../live.ts";
import { MemoryProbe, type Held } from "../memory_probe.ts";
import { uniqueTopic } from "../unique_topic.ts";

/** A JavaScript object with a closure and a listener takes more than this. */
const HEAP_BYTES_PER_SOURCE = 100;
/** Wasm memory grows by pages of 64 KiB; one may be due to chance. */
const WASM_PAGE = 65_536;

async function cycle(page: Page, upTo: number): Promise<void> {
  const cycles = page.locator("#cycles");
  for (let count = Number(await cycles.textContent()) + 1; count <= upTo; count += 1) {
    await page.locator("#cycle").click();
    await expect(cycles).toHaveText(String(count));
  }
}

for (const { shared, query } of [
  { shared: "one connection for all", query: "" },
  { shared: "a connection for each", query: "&private=1" },
]) {
  test(`@csr 1,000 sources mounted and unmounted, ${shared}`, async ({ page, server }, testInfo) => {
    test.setTimeout(120_000);
    const topic = uniqueTopic("memory");
    const probe = await MemoryProbe.on(page);
    await page.goto(`${server.url}/testkit/mounts?topic=${topic}${query}`);
    await hydrated(page);
    const quiet = () =>
      server.expectStats(
        ({ sse_connections, topics, tasks }) =>
          sse_connections === 0 && tasks === 0 && (topics[topic]?.subscribers ?? 0) === 0,
        "no connection, no reader and no task",
      );
    await quiet();
    const held: Held[] = [];
    for (const cycles of [3, 10]) {
      await cycle(page, cycles);
      await quiet();
      held.push(await probe.held());
    }
    testInfo.annotations.push({ type: "held", description: JSON.stringify(held) });
    const [early, late] = held;
    if (early === undefined || late === undefined) throw new Error("expected two measurements");
    expect(late.listeners, "listeners").toBeLessThanOrEqual(early.listeners);
    expect(late.nodes, "nodes").toBeLessThanOrEqual(early.nodes + 10);
    expect(late.heap - early.heap, "bytes of heap for 700 sources").toBeLessThan(700 * HEAP_BYTES_PER_SOURCE);
    expect(late.wasm - early.wasm, "bytes of wasm memory").toBeLessThanOrEqual(WASM_PAGE);
  });
}

test("thousands of swaps leave nothing behind either", async ({ page, server }, testInfo) => {
  test.setTimeout(120_000);
  const topic = uniqueTopic("memory");
  const probe = await MemoryProbe.on(page);
  await page.goto(`${server.url}/testkit/components?topic=${topic}`);
  await hydrated(page);
  await expect(page.getByTestId("sse-source")).toHaveAttribute("data-state", "open");
  const held: Held[] = [];
  let published = 0;
  for (const upTo of [500, 2_000]) {
    for (; published < upTo; published += 1) {
      const live = `<p id="p" hx-sse="swap:inner">${published + 1}</p><b hx-trigger="sse:inner" hx-get="/x">.</b>`;
      await server.publish(topic, "message", live);
    }
    await expect(page.locator("#p")).toHaveText(String(upTo));
    held.push(await probe.held());
  }
  testInfo.annotations.push({ type: "held", description: JSON.stringify(held) });
  const [early, late] = held;
  if (early === undefined || late === undefined) throw new Error("expected two measurements");
  expect(late.listeners, "listeners").toBeLessThanOrEqual(early.listeners);
  expect(late.nodes, "nodes").toBeLessThanOrEqual(early.nodes + 20);
  expect(late.heap - early.heap, "bytes of heap for 1,500 swaps").toBeLessThan(1_500 * HEAP_BYTES_PER_SOURCE);
  expect(late.wasm - early.wasm, "bytes of wasm memory").toBeLessThanOrEqual(WASM_PAGE);
});
