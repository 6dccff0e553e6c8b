/** “Reconnect”: numbers that go on without a hole, and notes that wait until the socket is back. */

import type { Page } from "@playwright/test";
import { isCsr, NOT_RENDERED } from "../../build_mode.ts";
import {
  counter,
  dropAndRecover,
  isLive,
  isMarked,
  mark,
  pressPlainly,
  restartAndRecover,
} from "../../demo_controls.ts";
import { expect, NETWORK_ERRORS, test } from "../../live.ts";
import { connected, nudge, openLive } from "../../live_page.ts";
import { range } from "../../numbers.ts";

const ATTEMPT = /^attempt \d+: /;
const states = (page: Page) => page.locator("main .state");
const receipts = (page: Page) => page.locator("#receipts li span");

async function numbers(page: Page): Promise<number[]> {
  return page.locator("#numbers li").evaluateAll((items) => items.map((item) => Number(item.getAttribute("data-seq"))));
}

/** Waits for so many more numbers; all that are shown must follow each other. */
async function moreNumbers(page: Page, more: number): Promise<void> {
  const last = (await numbers(page)).at(-1) ?? 0;
  await expect.poll(async () => (await numbers(page)).at(-1) ?? 0).toBeGreaterThanOrEqual(last + more);
  const shown = await numbers(page);
  expect(shown).toEqual(range(shown[0] ?? 0, shown.at(-1) ?? 0));
}

async function note(page: Page, text: string): Promise<void> {
  await page.getByLabel("Note").fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

test.describe("without JavaScript", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("shows both boxes, and the buttons work as plain forms", async ({ page, server }) => {
    await page.goto(`${server.url}/reconnect`);
    await expect(page.locator(".box h2")).toHaveText(["A number a second", "A note to the server"]);
    await expect(states(page)).toHaveText(["idle", "idle"]);
    await pressPlainly(page, "drop");
    await expect(page.locator("h1")).toHaveText("Reconnect");
  });

  test("a note is posted, and the page is there again", async ({ page, server }) => {
    await page.goto(`${server.url}/reconnect`);
    await note(page, "by post");
    await expect(page).toHaveURL(`${server.url}/reconnect?note=by%20post`);
    await expect(page.locator("#receipts li")).toHaveText(["by post"]);
  });
});

test("@csr numbers come one after the other, and notes are acknowledged as text", async ({ page, server }) => {
  await openLive(page, `${server.url}/reconnect`);
  await isLive(page, 2);
  await note(page, "first");
  await expect(receipts(page)).toHaveText(["first"]);
  await note(page, "<i>second</i>");
  await expect(receipts(page)).toHaveText(["<i>second</i>", "first"]);
  await expect(page.getByLabel("Note")).toHaveValue("");
  await moreNumbers(page, 3);
});

test("@csr a drop makes no hole", async ({ page, server }) => {
  await openLive(page, `${server.url}/reconnect`);
  await isLive(page, 2);
  await moreNumbers(page, 1);
  await dropAndRecover(page, 2);
  await moreNumbers(page, 3);
});

test("@csr a restart is told, and the numbers go on", async ({ page, server }) => {
  await openLive(page, `${server.url}/reconnect`);
  await isLive(page, 2);
  await moreNumbers(page, 1);
  await restartAndRecover(page, { all: 2, streams: 1 });
  const last = (await numbers(page)).at(-1) ?? 0;
  await expect.poll(async () => (await numbers(page)).at(-1) ?? 0).toBeGreaterThan(last);
  const shown = await numbers(page);
  expect(new Set(shown).size, "none is shown twice").toBe(shown.length);
});

test("@csr cut off: no hole, and the notes of that time arrive in order", async ({
  page,
  faultProxy,
  allowConsole,
}) => {
  allowConsole(NETWORK_ERRORS);
  await openLive(page, `${faultProxy.url}/reconnect`);
  await isLive(page, 2);
  await moreNumbers(page, 1);
  await mark(page);
  await faultProxy.refuse();
  for (const state of await states(page).all()) await expect(state).toHaveText(ATTEMPT);
  const shown = await numbers(page);
  await note(page, "one");
  await note(page, "two");
  await expect(page.getByLabel("Note")).toHaveValue("");
  await expect(receipts(page)).toHaveCount(0);
  expect(await numbers(page), "the page must really be away").toEqual(shown);
  await faultProxy.pass();
  await connected(page);
  await expect(receipts(page)).toHaveText(["two", "one"]);
  await moreNumbers(page, 2);
  await expect(counter(page, "gaps")).toHaveText("0");
  await isMarked(page);
});

test("@csr the button that cuts one off: attempts are refused and shown, until they succeed", async ({
  page,
  server,
  allowConsole,
}) => {
  allowConsole(/status of 503|Unexpected response code: 503/);
  await openLive(page, `${server.url}/reconnect`);
  await isLive(page, 2);
  const refused = page.waitForResponse((response) => response.status() === 503);
  await page.getByTestId("outage").click();
  for (const state of await states(page).all()) await expect(state).toHaveText(ATTEMPT);
  await refused;
  // The waits between attempts have grown by then; only the ten seconds are this test's matter.
  await expect(async () => {
    await nudge(page);
    await expect(states(page)).toHaveText(["live", "live"], { timeout: 500 });
  }).toPass({ timeout: 30_000 });
  await moreNumbers(page, 1);
  await expect(counter(page, "gaps")).toHaveText("0");
});
