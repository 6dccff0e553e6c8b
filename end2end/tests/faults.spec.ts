/**
 * Faults of pages, people and machines, by their ids in `src/docs/guarantees.md` (R15 to R32). Those of the network alone are
 * in recovery.spec.ts, those of servers in server_restart.spec.ts, the back/forward cache in back_forward_cache.spec.ts.
 */

import { kill } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, Page } from "@playwright/test";
import { expect, NETWORK_ERRORS, sequence, test, type FaultProxy, type ShowcaseServer } from "../live.ts";
import { connected, nudge, openLive } from "../live_page.ts";
import { publishNumber, publishNumbers, range } from "../numbers.ts";
import { skipTime, takeTime } from "../page_clock.ts";
import { uniqueTopic } from "../unique_topic.ts";

const source = (page: Page) => page.locator("#source");
const sequenceUrl = (base: string, topic: string) => `${base}/testkit/sequence?topic=${topic}`;

async function shows(page: Page, last: number): Promise<void> {
  await expect.poll(() => sequence(page), `the page must show 1 to ${last}`).toEqual(range(1, last));
}

function readers(server: ShowcaseServer, topic: string, count: number): Promise<unknown> {
  return server.expectStats(({ topics }) => (topics[topic]?.subscribers ?? 0) === count, `${count} readers of ${topic}`);
}

/** Puts markup into the empty page of the test kit and makes it live. */
async function put(page: Page, html: string): Promise<void> {
  await page.evaluate((html) => {
    const area = document.querySelector("#work-area") as HTMLElement;
    area.innerHTML = html;
    const { leptosLive } = window as unknown as { leptosLive: { process(element: Element): void } };
    leptosLive.process(area);
  }, html);
}

async function openBlank(page: Page, base: string): Promise<void> {
  await page.goto(`${base}/testkit/blank`);
  await expect(page.locator("html")).toHaveAttribute("data-hydrated");
}

test.beforeEach(({ allowConsole }) => allowConsole(NETWORK_ERRORS));

test("R15: sources that come, go and change quickly leave what was wanted last, and nothing else", async ({
  page,
  server,
}) => {
  const [one, two] = [uniqueTopic("one"), uniqueTopic("two")];
  await openLive(page, `${server.url}/testkit/reactive?one=${one}&two=${two}`);
  await page.evaluate(async () => {
    const press = (id: string) => document.querySelector<HTMLElement>(id)?.click();
    for (let round = 0; round < 30; round += 1) {
      press("#switch");
      if (round % 3 === 0) press("#toggle");
      // Some within one turn, some across turns.
      if (round % 4 === 0) await new Promise((resolve) => setTimeout(resolve, round));
    }
    press("#switch");
  });
  await connected(page);
  await readers(server, two, 1);
  await readers(server, one, 0);
  await server.publish(one, "message", "from one");
  await server.publish(two, "message", "from two");
  await expect(page.locator("#box")).toHaveText("from two");
  await page.locator("#toggle").click();
  await readers(server, two, 0);
});

/** The processes in which this browser shows its pages. */
async function renderers(browser: Browser): Promise<number[]> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
}

test("R21: a page whose process is stopped for a while goes on with everything", async ({ browser, page, server }) => {
  const topic = uniqueTopic("stopped");
  await openLive(page, sequenceUrl(server.url, topic));
  await publishNumbers(server, topic, 1, 3);
  await shows(page, 3);
  const stopped = await renderers(browser);
  expect(stopped.length).toBeGreaterThan(0);
  for (const id of stopped) kill(id, "SIGSTOP");
  try {
    await publishNumbers(server, topic, 4, 200);
  } finally {
    for (const id of stopped) kill(id, "SIGCONT");
  }
  await shows(page, 200);
  await expect(page.getByTestId("gaps")).toHaveText("0");
  await readers(server, topic, 1);
});

test("R21: a machine that has slept for ten minutes finds its stream dead and goes on", async ({
  page,
  server,
  faultProxy,
}) => {
  const topic = uniqueTopic("slept");
  await takeTime(page);
  await openLive(page, sequenceUrl(faultProxy.url, topic));
  // The browser has idle connections, which would be dead too; this leaves the stream's alone.
  await faultProxy.cut();
  await expect(page.getByTestId("connections")).toHaveText("2");
  await publishNumbers(server, topic, 1, 3);
  await shows(page, 3);
  await faultProxy.blackHole();
  await publishNumbers(server, topic, 4, 20);
  await expect.poll(() => faultProxy.bytes.swallowed).toBeGreaterThan(0);
  await faultProxy.pass();
  await skipTime(page, 600_000);
  await skipTime(page, 1_000);
  await shows(page, 20);
  await expect(page.getByTestId("gaps")).toHaveText("0");
});

test("R21: a page that is frozen and goes on has one connection and everything", async ({ context, page, server }) => {
  const topic = uniqueTopic("frozen");
  await openLive(page, sequenceUrl(server.url, topic));
  const session = await context.newCDPSession(page);
  await session.send("Page.setWebLifecycleState", { state: "frozen" });
  await publishNumbers(server, topic, 1, 20);
  await session.send("Page.setWebLifecycleState", { state: "active" });
  await shows(page, 20);
  await readers(server, topic, 1);
});

test("R22: an element that is taken away while it connects, or while it waits to, leaves nothing", async ({
  page,
  server,
  faultProxy,
}) => {
  const topic = uniqueTopic("orphan");
  const markup = `<div id="mine" hx-sse="connect:/testkit/sse?topic=${topic}"></div>`;
  await openBlank(page, faultProxy.url);
  await faultProxy.stall();
  await put(page, markup);
  await expect(page.locator("#mine")).toHaveAttribute("data-state", "connecting");
  await page.locator("#work-area").evaluate((area) => area.replaceChildren());
  await faultProxy.pass();
  await put(page, markup);
  await expect(page.locator("#mine")).toHaveAttribute("data-state", "open");
  await readers(server, topic, 1);
  await faultProxy.refuse();
  await expect(page.locator("#mine")).toHaveAttribute("data-state", "reconnecting");
  await page.locator("#work-area").evaluate((area) => area.replaceChildren());
  await faultProxy.pass();
  const before = faultProxy.accepted;
  await nudge(page);
  // A request of our own is answered after any that was to come.
  await page.evaluate(() => fetch("/favicon.svg"));
  await readers(server, topic, 0);
  expect(faultProxy.accepted - before).toBeLessThanOrEqual(1);
});

test("R22: a message that replaces its own source leaves one live connection; two elements share another", async ({
  page,
  server,
}) => {
  const [own, next] = [uniqueTopic("own"), uniqueTopic("next")];
  const owner = (topic: string) =>
    `<div id="mine" class="${topic}" hx-sse="connect:/testkit/sse?topic=${topic} swap:message" hx-swap="outerHTML"></div>`;
  await openBlank(page, server.url);
  await put(page, owner(own));
  await readers(server, own, 1);
  await server.publish(own, "message", owner(next));
  await expect(page.locator("#mine")).toHaveClass(next);
  await readers(server, next, 1);
  await readers(server, own, 0);
  await put(page, [1, 2].map(() => `<p hx-sse="connect:/testkit/sse?topic=${own} swap:message"></p>`).join(""));
  await readers(server, own, 1);
  // A script has taken the element away, which its source notices with the next word of the stream.
  await server.publish(next, "message", "nobody is here");
  await readers(server, next, 0);
  await server.publish(own, "message", "both");
  await expect(page.locator("#work-area p")).toHaveText(["both", "both"]);
  await page.locator("#work-area p").first().evaluate((element) => element.remove());
  await server.publish(own, "message", "one");
  await expect(page.locator("#work-area p")).toHaveText(["one"]);
  await readers(server, own, 1);
});

test("R24: what was typed survives a lost connection, and what is newer on the server is not overwritten", async ({
  page,
  server,
  faultProxy,
}) => {
  const topic = uniqueTopic("typed");
  await openLive(page, `${faultProxy.url}/testkit/components?topic=${topic}`);
  await server.publish(topic, "message", "<p>older</p>");
  await expect(page.getByTestId("sse-swap")).toHaveText("older");
  const field = page.getByTestId("ws-form").locator("[name=text]");
  await field.fill("half a sen");
  await faultProxy.refuse();
  await expect(page.getByTestId("ws-source")).toHaveAttribute("data-state", "reconnecting");
  await server.publish(topic, "message", "<p>newer</p>");
  await field.pressSequentially("tence");
  await faultProxy.pass();
  await nudge(page);
  await connected(page);
  await expect(page.getByTestId("sse-swap")).toHaveText("newer");
  await expect(field).toHaveValue("half a sentence");
  await expect(field).toBeFocused();
  await page.getByTestId("ws-form").getByRole("button").click();
  await expect(page.locator("#echo")).toContainText("half a sentence");
  await expect(page.getByTestId("sse-swap")).toHaveText("newer");
});

test("R25: a patch that arrives while the user types rolls nothing back and takes no focus", async ({
  page,
  server,
}) => {
  const topic = uniqueTopic("typing");
  await openLive(page, `${server.url}/testkit/swap?topic=${topic}&style=innerMorph`);
  const patch = (count: number) => `<label>Name <input id="name" value="given"></label><p id="count">${count}</p>`;
  await server.publish(topic, "message", patch(0));
  await expect(page.locator("#count")).toHaveText("0");
  const field = page.locator("#name");
  await field.focus();
  await field.press("End");
  for (const [index, letter] of [..." name"].entries()) {
    await field.press(letter === " " ? "Space" : letter);
    await server.publish(topic, "message", patch(index + 1));
    await expect(page.locator("#count")).toHaveText(String(index + 1));
    await expect(field).toBeFocused();
  }
  await expect(field).toHaveValue("given name");
  expect(await field.evaluate((input: HTMLInputElement) => input.selectionStart)).toBe("given name".length);
});

test("R27: what is sent while the socket is down waits, and goes out in order and once", async ({
  page,
  faultProxy,
}) => {
  await openLive(page, `${faultProxy.url}/testkit/form`);
  await faultProxy.refuse();
  await expect(source(page)).toHaveAttribute("data-state", "reconnecting");
  const words = ["one", "two", "three", "four", "five"];
  for (const word of words) {
    await page.locator("#form [name=text]").fill(word);
    await page.locator("#plain").click();
  }
  await expect(page.locator("#room p")).toHaveCount(0);
  // A connection that is lost right after it was opened takes nothing with it twice.
  await faultProxy.pass();
  await nudge(page);
  await expect(page.locator("#room p")).toHaveText(words);
  await page.locator("#form [name=text]").fill("six");
  await page.locator("#plain").click();
  await expect(page.locator("#room p")).toHaveText([...words, "six"]);
  await expect(page.locator("#error")).toBeEmpty();
});

/** A generator of numbers below one that a seed determines. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function disturb(faultProxy: FaultProxy, page: Page, random: () => number): Promise<void> {
  const faults = [
    () => faultProxy.cut(),
    () => faultProxy.cutAfterBytes(Math.floor(random() * 2_000)),
    () => faultProxy.stall(),
    () => faultProxy.refuse(),
    () => faultProxy.delay(Math.floor(random() * 100)),
    () => nudge(page),
    () => faultProxy.pass(),
  ];
  await faults[Math.floor(random() * faults.length)]?.();
}

const CHAOS_SECONDS = Number(process.env["CHAOS_SECONDS"] ?? 3);
const CHAOS_SEED = Number(process.env["CHAOS_SEED"] ?? Math.floor(Math.random() * 2 ** 32));

test(`R31, R32: mixed chaos: received is expected, nothing missing and nothing doubled`, async ({
  page,
  server,
  faultProxy,
  allowConsole,
}) => {
  test.setTimeout(CHAOS_SECONDS * 1_000 + 60_000);
  allowConsole(/net::ERR_/);
  test.info().annotations.push({ type: "CHAOS_SEED", description: String(CHAOS_SEED) });
  const random = seeded(CHAOS_SEED);
  const topic = uniqueTopic("chaos");
  await openLive(page, sequenceUrl(faultProxy.url, topic));
  const until = performance.now() + CHAOS_SECONDS * 1_000;
  let published = 0;
  while (performance.now() < until) {
    for (let count = 0; count < 5; count += 1) {
      published += 1;
      await publishNumber(server, topic, published);
    }
    await disturb(faultProxy, page, random);
    await sleep(random() * 60);
    // The topic keeps 1,000 events, and losing one of those is not what is looked for.
    if (published % 500 === 0) await peace(faultProxy, page, published);
  }
  await peace(faultProxy, page, published);
  await expect(page.getByTestId("gaps"), `CHAOS_SEED=${CHAOS_SEED}`).toHaveText("0");
  expect(published).toBeGreaterThan(20);
  await readers(server, topic, 1);
});

async function peace(faultProxy: FaultProxy, page: Page, published: number): Promise<void> {
  faultProxy.delay(0);
  await faultProxy.pass();
  const shown = async () => {
    await nudge(page);
    return sequence(page);
  };
  await expect.poll(shown, `CHAOS_SEED=${CHAOS_SEED}`).toEqual(range(1, published));
}
