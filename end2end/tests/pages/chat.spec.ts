/** “Chat”: one room for everybody who is here, with JavaScript or without. */

import type { Browser, Page } from "@playwright/test";
import { isCsr, NOT_RENDERED } from "../../build_mode.ts";
import { counter, dropAndRecover, isLive, restartAndRecover } from "../../demo_controls.ts";
import { expect, hydrated, NETWORK_ERRORS, test } from "../../live.ts";
import { connected, openLive } from "../../live_page.ts";
import { uniqueTopic } from "../../unique_topic.ts";

const lines = (page: Page) => page.locator("#room li");

/** What a person says, as the room shows it: name, then text. */
const line = (page: Page, text: string) => lines(page).filter({ hasText: text });

async function say(page: Page, text: string, name?: string): Promise<void> {
  if (name !== undefined) await page.getByLabel("Name").fill(name);
  await page.getByLabel("Message").fill(text);
  await page.getByRole("button", { name: "Say" }).click();
}

/** The texts of the room that begin with this word, in order. */
async function texts(page: Page, word: string): Promise<string[]> {
  const all = await lines(page).locator("p").allTextContents();
  return all.filter((text) => text.startsWith(word));
}

/** Another visitor, with a browser of their own. */
async function another(browser: Browser, options: { javaScriptEnabled?: boolean } = {}): Promise<Page> {
  const context = await browser.newContext(options);
  return context.newPage();
}

test("@smoke @csr two browsers chat", async ({ page, server, browser }) => {
  const word = uniqueTopic("chat");
  const other = await another(browser);
  await openLive(page, `${server.url}/chat`);
  await openLive(other, `${server.url}/chat`);
  await say(page, `${word} hello`, "Ada");
  await expect(line(other, `${word} hello`).locator("b")).toHaveText("Ada");
  await say(other, `${word} hi there`, "Bruno");
  await say(page, `${word} how are you?`);
  const expected = [`${word} hello`, `${word} hi there`, `${word} how are you?`];
  for (const each of [page, other]) await expect.poll(() => texts(each, word)).toEqual(expected);
  await expect(line(other, "how are you?").locator("b")).toHaveText("Ada");
  // A message is emptied once it was taken, a name stays.
  await expect(page.getByLabel("Message")).toHaveValue("");
  await expect(page.getByLabel("Name")).toHaveValue("Ada");
  await other.context().close();
});

test("@csr what people type is text, never markup", async ({ page, server, browser }) => {
  const word = uniqueTopic("chat");
  const other = await another(browser);
  await openLive(page, `${server.url}/chat`);
  await openLive(other, `${server.url}/chat`);
  const hostile = `${word} <img src=x onerror="window.__xss=1"><script>window.__xss=1</script>&lt;b&gt;`;
  await say(page, hostile, `<b>${word.slice(-8)}</b>`);
  for (const each of [page, other]) {
    await expect(line(each, word).locator("p")).toHaveText(hostile);
    await expect(line(each, word).locator("> b")).toHaveText(`<b>${word.slice(-8)}</b>`);
    await expect(lines(each).locator("img, script, b b")).toHaveCount(0);
  }
  if (!isCsr) {
    // Only the server can show what was said before.
    await page.reload();
    await expect(line(page, word).locator("p")).toHaveText(hostile);
  }
  for (const each of [page, other]) expect(await each.evaluate(() => "__xss" in window)).toBe(false);
  await other.context().close();
});

test("without JavaScript a plain POST says it, and everybody hears it", async ({ page, server, browser }) => {
  test.skip(isCsr, NOT_RENDERED);
  const word = uniqueTopic("chat");
  const plain = await another(browser, { javaScriptEnabled: false });
  await openLive(page, `${server.url}/chat`);
  await plain.goto(`${server.url}/chat`);
  await say(plain, `${word} by post`, "Chiara");
  await expect(line(page, `${word} by post`).locator("b")).toHaveText("Chiara");
  await expect(line(plain, `${word} by post`).locator("b")).toHaveText("Chiara");
  await expect(plain.getByLabel("Name")).toHaveValue("Chiara");
  await say(page, `${word} by socket`, "Ada");
  await expect(line(page, `${word} by socket`)).toBeVisible();
  await say(plain, `${word} again`);
  const expected = [`${word} by post`, `${word} by socket`, `${word} again`];
  for (const each of [page, plain]) await expect.poll(() => texts(each, word)).toEqual(expected);
  await plain.context().close();
});

test("what was said before is on the page, once, also after a reload", async ({ page, server }) => {
  test.skip(isCsr, NOT_RENDERED);
  const word = uniqueTopic("chat");
  await openLive(page, `${server.url}/chat`);
  for (const number of [1, 2, 3]) {
    await say(page, `${word} ${number}`, "Ada");
    await expect(line(page, `${word} ${number}`)).toHaveCount(1);
  }
  await page.reload();
  await hydrated(page);
  await connected(page);
  await say(page, `${word} 4`, "Ada");
  await expect.poll(() => texts(page, word)).toEqual([1, 2, 3, 4].map((number) => `${word} ${number}`));
});

test("@csr what is said while a page is away is not lost, in either direction", async ({
  page,
  server,
  faultProxy,
  browser,
  allowConsole,
}) => {
  allowConsole(NETWORK_ERRORS);
  const word = uniqueTopic("chat");
  const other = await another(browser);
  await openLive(page, `${faultProxy.url}/chat`);
  await openLive(other, `${server.url}/chat`);
  await say(other, `${word} before`, "Bruno");
  await expect(line(page, `${word} before`)).toHaveCount(1);
  await faultProxy.refuse();
  const sources = page.locator('main [hx-sse^="connect:"], main [hx-ws^="connect:"]');
  for (const source of await sources.all()) await expect(source).toHaveAttribute("data-state", "reconnecting");
  await say(other, `${word} to the page`);
  await expect(line(other, `${word} to the page`)).toHaveCount(1);
  await say(page, `${word} from the page`, "Ada");
  await expect(page.getByLabel("Message"), "it was taken, to be sent later").toHaveValue("");
  expect(await texts(page, word), "the page must really be away").toEqual([`${word} before`]);
  await faultProxy.pass();
  const expected = [`${word} before`, `${word} to the page`, `${word} from the page`];
  for (const each of [page, other]) await expect.poll(() => texts(each, word)).toEqual(expected);
  await expect(counter(page, "gaps")).toHaveText("0");
  await other.context().close();
});

test("@csr a drop is one visitor's, a restart everybody's, and the room goes on", async ({ page, server, browser }) => {
  const word = uniqueTopic("chat");
  const other = await another(browser);
  await openLive(page, `${server.url}/chat`);
  await openLive(other, `${server.url}/chat`);
  await isLive(page, 2);
  await isLive(other, 2);
  await dropAndRecover(page, 2);
  await say(page, `${word} after the drop`, "Ada");
  // Both connections of the other visitor carry something, so neither is about to come back.
  await expect(line(other, `${word} after the drop`)).toHaveCount(1);
  await say(other, `${word} undisturbed`, "Bruno");
  await expect(line(page, `${word} undisturbed`)).toHaveCount(1);
  await expect(counter(other, "connections"), "the drop was not meant for the other visitor").toHaveText("2");
  await restartAndRecover(page, { all: 2, streams: 1 });
  await expect(counter(other, "connections")).toHaveText("4");
  await say(other, `${word} after the restart`);
  for (const each of [page, other]) await expect(line(each, `${word} after the restart`)).toHaveCount(1);
  await other.context().close();
});
