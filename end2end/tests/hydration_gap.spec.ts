/**
 * The hydration gap (R06): a page whose server takes its time, that is streamed in pieces, hydrated late, and given
 * another source at the end, while events are published all along. Each of its lists has every event once and in order:
 * what was kept when it was rendered, and what came since.
 *
 * `HYDRATION_RUNS=200` asks for more runs than the usual.
 */

import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "@playwright/test";
import { isCsr, isDev, NOT_RENDERED } from "../build_mode.ts";
import { expect, hydrated, test, type ShowcaseServer } from "../live.ts";
import { publishNumber, range } from "../numbers.ts";
import { uniqueTopic } from "../unique_topic.ts";

/** A developer's build takes twice as long to hydrate, so that half as many runs are as long in the gap. */
const RUNS = Number(process.env["HYDRATION_RUNS"] ?? (isDev ? 10 : 20));
/** So many runs in one test, so that a test ends in good time on any machine. */
const RUNS_EACH = 5;
/** What has to be there when the page is asked for, so that its lists do not begin empty. */
const BEFORE = 3;

async function numbers(page: Page, list: string): Promise<number[]> {
  return page.locator(`#${list} > li`).evaluateAll((all) => all.map((item) => Number(item.getAttribute("data-seq"))));
}

async function run(page: Page, server: ShowcaseServer, number: number): Promise<void> {
  const topic = uniqueTopic("hydration");
  let published = 0;
  let isOver = false;
  // Not as fast as it can: the topic keeps 1,000 events, and a page that is starved must not be left behind.
  const publishing = (async () => {
    while (!isOver) {
      published += 1;
      await publishNumber(server, topic, published);
      if (published > BEFORE) await sleep(published % 3);
      if (published > 800) await sleep(50);
    }
  })();
  try {
    await expect.poll(() => published).toBeGreaterThan(BEFORE);
    await page.goto(`${server.url}/testkit/slow?topic=${topic}&ms=${20 + (number % 5) * 30}`, { waitUntil: "commit" });
    await hydrated(page);
    // By the keyboard: the lists above grow all the time, and a button that moves under the mouse is not clicked.
    await page.locator("#mount").press("Enter");
    await expect(page.locator("#late"), `run ${number}: the press mounts a source`).toBeAttached();
    await expect(page.locator("#late > li"), `run ${number}: the source hears what comes`).not.toHaveCount(0);
  } finally {
    isOver = true;
    await publishing;
  }
  const lists = ["seq", "second", "third"];
  for (const list of lists) {
    await expect.poll(async () => (await numbers(page, list)).at(-1), `run ${number}: #${list}`).toBe(published);
    expect(await numbers(page, list), `run ${number}: #${list}`).toEqual(range(1, published));
  }
  // What is mounted in the browser begins where it was mounted, and has no hole from there.
  const late = await numbers(page, "late");
  expect(late, `run ${number}: #late`).toEqual(range(late[0] ?? 0, published));
  await expect(page.getByTestId("gaps")).toHaveText("0");
}

for (let first = 1; first <= RUNS; first += RUNS_EACH) {
  const last = Math.min(first + RUNS_EACH - 1, RUNS);
  test(`R06: runs ${first} to ${last} of a slow page under events: none is missing, none is doubled`, async ({
    page,
    server,
  }) => {
    test.skip(isCsr, NOT_RENDERED);
    for (const number of range(first, last)) await run(page, server, number);
  });
}
