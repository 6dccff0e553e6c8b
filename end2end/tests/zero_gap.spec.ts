/**
 * Zero gap: a page that is rendered while events are being published shows every event after its rendering, from the
 * very first, once and in order. Which one is the first is known exactly: the page says at which position it was
 * rendered, and each publication says which position it got.
 */

import type { Page } from "@playwright/test";
import { isCsr, isDev, NOT_RENDERED } from "../build_mode.ts";
import { expect, hydrated, sequence, test, type ShowcaseServer } from "../live.ts";
import { publishNumber, range } from "../numbers.ts";
import { parsePosition } from "../position.ts";
import { uniqueTopic } from "../unique_topic.ts";

/** A developer's build takes twice as long to load, so that half as many loads are as long in the gap. */
const LOADS = isDev ? 10 : 20;
/** So many loads in one test, so that a test ends in good time on any machine. */
const LOADS_EACH = 5;
/**
 * A topic keeps 1,000 events, so a page that is slow to start must not be left further behind. It may be this far
 * behind twice: publishing goes on until the page is rendered, and again until it is connected.
 */
const MOST_AHEAD = 450;

/** Publishes 1, 2, 3 … as fast as the server takes it, until it is stopped. */
class Publisher {
  /** The offset of each number; that of 1 is the first. */
  readonly offsets: number[] = [];
  readonly #server: ShowcaseServer;
  readonly #topic: string;
  #limit = 0;
  #wake = () => {};
  #stopped = false;
  readonly #done: Promise<void>;

  constructor(server: ShowcaseServer, topic: string) {
    this.#server = server;
    this.#topic = topic;
    this.#done = this.#run();
  }

  /** Allows so many more numbers from here. */
  allow(more: number): void {
    this.#limit = this.offsets.length + more;
    this.#wake();
  }

  /** Returns when the last number is published. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      if (this.offsets.length >= this.#limit) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      const position = await publishNumber(this.#server, this.#topic, this.offsets.length + 1);
      this.offsets.push(parsePosition(position).offset);
    }
  }
}

for (let first = 1; first <= LOADS; first += LOADS_EACH) {
  const loads = range(first, first + LOADS_EACH - 1);
  const title = `loads ${first} to ${loads.at(-1)} under a stream of events: none is missed, none is shown twice`;
  test(title, async ({ page, server }) => {
    test.skip(isCsr, NOT_RENDERED);
    const topic = uniqueTopic("gap");
    const publisher = new Publisher(server, topic);
    try {
      for (const load of loads) await loadUnderEvents(page, server, topic, publisher, load);
    } finally {
      await publisher.stop();
    }
    expect(publisher.offsets.length, "the loads must have been disturbed").toBeGreaterThan(LOADS_EACH * 50);
  });
}

async function loadUnderEvents(
  page: Page,
  server: ShowcaseServer,
  topic: string,
  publisher: Publisher,
  load: number,
): Promise<void> {
  publisher.allow(MOST_AHEAD);
  const response = await page.goto(`${server.url}/testkit/sequence?topic=${topic}`, { waitUntil: "commit" });
  // The page is rendered. However long that took, from here on there is something to miss again.
  publisher.allow(MOST_AHEAD);
  const html = (await response?.text()) ?? "";
  const rendered = parsePosition(/data-position="([^"]*)"/.exec(html)?.[1] ?? null).offset;
  await hydrated(page);
  // Events from before and from after the connection was opened.
  await expect.poll(async () => (await sequence(page)).length).toBeGreaterThan(0);
  publisher.allow(50);
  const until = publisher.offsets.length + 50;
  await expect.poll(async () => (await sequence(page)).at(-1) ?? 0).toBeGreaterThanOrEqual(until);
  const shown = await sequence(page);
  const first = publisher.offsets.findIndex((offset) => offset > rendered) + 1;
  expect(shown, `load ${load}, rendered at ${rendered}`).toEqual(range(first, shown.at(-1) ?? 0));
  await expect(page.getByTestId("gaps")).toHaveText("0");
}

test("sources that were rendered at different moments share a connection, and each gets its own", async ({
  page,
  server,
}) => {
  test.skip(isCsr, NOT_RENDERED);
  const topic = uniqueTopic("gap");
  // The address as the page's own source writes it, or they would not share a connection.
  const address = `/testkit/sse?topic=${topic.replace("-", "%2D")}`;
  const response = await page.goto(`${server.url}/testkit/components?topic=${topic}`);
  const position = /data-position="([^"]*)"/.exec((await response?.text()) ?? "")?.[1] ?? "";
  await hydrated(page);
  await expect(page.getByTestId("sse-source")).toHaveAttribute("data-state", "open");
  const row = (number: number) => `<tr><td>${number}</td></tr>`;
  await server.publish(topic, "row", row(1));
  await server.publish(topic, "row", row(2));
  const rows = page.getByTestId("sse-swap-rows").locator("td");
  await expect(rows).toHaveText(["first row", "1", "2"]);
  // Markup from another moment, as from another request: it has seen nothing since the page was rendered.
  const late = `<table id="late" hx-sse="connect:${address}" data-position="${position}"><tbody hx-sse="swap:row" hx-swap="beforeend"></tbody></table>`;
  await server.publish(topic, "message", late);
  await expect(page.locator("#late td")).toHaveText(["1", "2"]);
  await server.publish(topic, "row", row(3));
  await expect(page.locator("#late td")).toHaveText(["1", "2", "3"]);
  await expect(rows).toHaveText(["first row", "1", "2", "3"]);
  await server.expectStats(({ topics }) => topics[topic]?.subscribers === 1, "one connection for both");
});
