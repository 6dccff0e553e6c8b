/**
 * A page is live before its program has come: the inline script that its sources render opens their streams, and the
 * program takes the open connections over. Nothing is lost on the way, nothing is doubled, and nothing is opened twice.
 */

import type { Page } from "@playwright/test";
import { isCsr, NOT_RENDERED } from "../build_mode.ts";
import { holdWasm } from "../held_wasm.ts";
import { expect, hydrated, sequence, test, type ShowcaseServer } from "../live.ts";
import { connected } from "../live_page.ts";
import { publishNumbers, range } from "../numbers.ts";
import { uniqueTopic } from "../unique_topic.ts";

declare global {
  interface Window {
    __addresses?: string[];
  }
}

test.skip(isCsr, NOT_RENDERED);

/** Notes the address of each `EventSource` that the page makes. */
async function watchStreams(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const addresses: string[] = (window.__addresses = []);
    window.EventSource = class extends EventSource {
      constructor(url: string | URL, init?: EventSourceInit) {
        super(url, init);
        addresses.push(String(url));
      }
    };
  });
  return () => page.evaluate(() => window.__addresses ?? []);
}

/** Waits until so many readers listen to a topic. */
async function readers(server: ShowcaseServer, topic: string, count: number): Promise<void> {
  const found = async () => (await server.stats()).topics[topic]?.subscribers ?? 0;
  await expect.poll(found, `readers of ${topic}`).toBe(count);
}

for (const policy of ["none", "strict", "trusted-types"]) {
  test(`with the policy "${policy}", regions are live before the program and go on with it`, async ({ page, server }) => {
    const [one, two] = [uniqueTopic("early"), uniqueTopic("early")];
    const release = await holdWasm(page);
    const addresses = await watchStreams(page);
    await page.goto(`${server.url}/testkit/two?one=${one}&two=${two}&csp=${policy}`, { waitUntil: "commit" });
    await readers(server, one, 1);
    await readers(server, two, 1);
    await server.publish(one, "message", "<b>1</b>");
    await server.publish(two, "message", "<b>2</b>");
    for (const [id, text] of [["one", "1"], ["two", "2"], ["two-inner", "1"]] as const)
      await expect(page.locator(`#${id} > b`)).toHaveText(text);
    await expect(page.locator("html")).not.toHaveAttribute("data-hydrated");
    await expect(page.locator("[data-state] script")).toHaveCount(0);
    release();
    await hydrated(page);
    await connected(page);
    await expect(page.locator("#one > b")).toHaveText("1");
    await expect(page.locator("#two-inner > b")).toHaveText("1");
    await server.publish(one, "message", "<b>3</b>");
    await expect(page.locator("#one > b")).toHaveText("3");
    await expect(page.locator("#two-inner > b")).toHaveText("3");
    expect(await addresses()).toHaveLength(2);
    await readers(server, one, 1);
  });
}

test("what is no plain swap is kept in order until the program has come, and told once", async ({ page, server }) => {
  const topic = uniqueTopic("early");
  const release = await holdWasm(page);
  const addresses = await watchStreams(page);
  await page.goto(`${server.url}/testkit/sequence?topic=${topic}`, { waitUntil: "commit" });
  await readers(server, topic, 1);
  await publishNumbers(server, topic, 1, 40);
  await expect.poll(() => page.evaluate(() => JSON.stringify(Object.keys(window)).includes("__ll"))).toBe(true);
  expect(await sequence(page)).toEqual([]);
  release();
  await hydrated(page);
  await connected(page);
  await expect.poll(() => sequence(page)).toEqual(range(1, 40));
  await publishNumbers(server, topic, 41, 60);
  await expect.poll(() => sequence(page)).toEqual(range(1, 60));
  await expect(page.getByTestId("events")).toHaveText("60");
  await expect(page.getByTestId("gaps")).toHaveText("0");
  await expect(page.getByTestId("connections")).toHaveText("1");
  expect(await addresses()).toHaveLength(1);
});

test("events that come all along while the program is under way are shown once and in order", async ({ page, server }) => {
  const topic = uniqueTopic("early");
  const addresses = await watchStreams(page);
  await page.goto(`${server.url}/testkit/sequence?topic=${topic}`, { waitUntil: "commit" });
  await publishNumbers(server, topic, 1, 300);
  await hydrated(page);
  await expect.poll(async () => (await sequence(page)).length).toBe(300);
  expect(await sequence(page)).toEqual(range(1, 300));
  expect(await addresses()).toHaveLength(1);
});

test("where the page refuses the script, the source connects when it hydrates", async ({ page, server, allowConsole }) => {
  allowConsole(/Content Security Policy/);
  const topic = uniqueTopic("early");
  const release = await holdWasm(page);
  const addresses = await watchStreams(page);
  await page.route(/\/testkit\/two/, async (route) => {
    const response = await route.fetch();
    const html = await response.text();
    const body = html.replace(/<script nonce="[^"]*" data-u/g, "<script data-u");
    expect(body).not.toBe(html);
    await route.fulfill({ response, body });
  });
  await page.goto(`${server.url}/testkit/two?one=${topic}&two=${topic}-b&csp=strict`, { waitUntil: "commit" });
  await expect(page.locator("#one")).toHaveText("nothing from one");
  await server.publish(topic, "message", "<b>1</b>");
  expect(await addresses()).toEqual([]);
  release();
  await hydrated(page);
  await expect(page.locator("#one > b")).toHaveText("1");
  await expect(page.locator("#two-inner > b")).toHaveText("1");
  expect(await addresses()).toHaveLength(2);
});

test("a page whose program never comes stays live", async ({ page, server, allowConsole }) => {
  allowConsole(/wasm|Failed to (load|fetch)|ERR_FAILED/);
  const topic = uniqueTopic("early");
  await page.route(/\.wasm(\?|$)/, (route) => route.abort());
  await page.goto(`${server.url}/testkit/two?one=${topic}&two=${topic}-b`, { waitUntil: "commit" });
  await readers(server, topic, 1);
  for (const number of range(1, 20)) await server.publish(topic, "message", `<b>${number}</b>`);
  await expect(page.locator("#one > b")).toHaveText("20");
});
