/** “Echo”: a form over a socket, an answer that finds its place by its id, and the frames of both directions. */

import type { Page } from "@playwright/test";
import { isCsr, NOT_RENDERED } from "../../build_mode.ts";
import { counter, isLive } from "../../demo_controls.ts";
import { expect, NETWORK_ERRORS, test } from "../../live.ts";
import { openLive } from "../../live_page.ts";

const answer = (page: Page) => page.locator("#idMessage");
const field = (page: Page) => page.getByLabel("Message");
const frames = (page: Page, direction: "in" | "out") =>
  page.getByTestId("frames").locator(`li[data-direction=${direction}]`);

async function say(page: Page, text: string): Promise<void> {
  await field(page).fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

test.describe("without JavaScript", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("the form posts, and the answer comes with the next page, as text", async ({ page, server }) => {
    await page.goto(`${server.url}/echo`);
    await expect(field(page)).toHaveValue("This is a message");
    await expect(answer(page)).toBeEmpty();
    const hostile = `<b>no tag</b> & "quotes" 'ü' </textarea>`;
    await say(page, hostile);
    await expect(answer(page)).toHaveText(hostile);
    await expect(answer(page).locator("b")).toHaveCount(0);
  });
});

test("@csr WSS-03, WSM-01: what is sent comes back, again and again", async ({ page, server }) => {
  await openLive(page, `${server.url}/echo`);
  await isLive(page, 1);
  for (const text of ["This is a message", "and another", "and a third"]) {
    await say(page, text);
    await expect(answer(page)).toHaveText(text);
  }
  await expect(page.getByTestId("events")).toHaveText("3");
  await expect(frames(page, "out")).toHaveCount(3);
  await expect(frames(page, "in")).toHaveCount(3);
  await expect(frames(page, "out").first()).toContainText('"message":"and a third"');
  await expect(frames(page, "in").first()).toContainText('<div id="idMessage"');
  expect(page.url()).toBe(`${server.url}/echo`);
});

test("what people type is text, never markup", async ({ page, server }) => {
  await openLive(page, `${server.url}/echo`);
  const hostile = `<img src=x onerror="window.__xss=1"><script>window.__xss=1</script>`;
  await say(page, hostile);
  await expect(answer(page)).toHaveText(hostile);
  await expect(answer(page).locator("img, script")).toHaveCount(0);
  await say(page, "later");
  await expect(answer(page)).toHaveText("later");
  expect(await page.evaluate(() => "__xss" in window)).toBe(false);
});

test("an empty message is not sent", async ({ page, server }) => {
  await openLive(page, `${server.url}/echo`);
  await say(page, "");
  await expect(field(page)).toBeFocused();
  await say(page, "not empty");
  await expect(answer(page)).toHaveText("not empty");
  await expect(frames(page, "out")).toHaveCount(1);
});

test("@csr what is said while the socket is away is sent once it is back", async ({
  page,
  faultProxy,
  allowConsole,
}) => {
  allowConsole(NETWORK_ERRORS);
  await openLive(page, `${faultProxy.url}/echo`);
  await say(page, "before");
  await expect(answer(page)).toHaveText("before");
  await faultProxy.refuse();
  await expect(page.locator('main [hx-ws^="connect:"]')).toHaveAttribute("data-state", "reconnecting");
  await say(page, "while away");
  await expect(answer(page), "the page must really be away").toHaveText("before");
  await expect(frames(page, "out")).toHaveCount(1);
  await faultProxy.pass();
  await expect(answer(page)).toHaveText("while away");
  await expect(frames(page, "out")).toHaveCount(2);
  await expect(counter(page, "events")).toHaveText("2");
});

test("leaving the page after an answer has replaced its place harms nothing", async ({ page, server }) => {
  await openLive(page, `${server.url}/echo`);
  await say(page, "replaced");
  await expect(answer(page)).toHaveText("replaced");
  await page.locator("nav").getByRole("link", { name: "Heartbeat" }).click();
  await expect(page.locator("h1")).toHaveText("Heartbeat");
  await page.locator("nav").getByRole("link", { name: "Echo" }).click();
  await expect(page.locator("h1")).toHaveText("Echo");
  await isLive(page, 1);
  await say(page, "again");
  await expect(answer(page)).toHaveText("again");
});
