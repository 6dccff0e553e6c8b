/** “Morph”: what a visitor does in the box that is morphed stays, in the one that is written anew it goes. */

import type { Locator, Page } from "@playwright/test";
import { isCsr, NOT_RENDERED } from "../../build_mode.ts";
import { isLive } from "../../demo_controls.ts";
import { expect, test, type ShowcaseServer } from "../../live.ts";
import { openLive } from "../../live_page.ts";

const SONGS = 12;

/** A box at one moment. */
interface Seen {
  edition: number;
  /** The keys of the rows, from the top. */
  order: string[];
  /** How many of the elements are others than those that were marked. */
  strangers: number;
  typed: string;
  /** What of it is selected, in which direction; nothing where the field has no focus. */
  selected: [number | null, number | null, string | null] | undefined;
  ticked: string[];
  scrolled: number;
  plays: boolean;
  time: number;
}

/** Marks what is in a box: a row with its key, so that no other row passes for it. */
async function markElements(box: Locator): Promise<void> {
  await box.evaluate((box) => {
    for (const element of box.querySelectorAll("*")) {
      Object.assign(element, { marked: element.getAttribute("data-key") ?? "" });
    }
  });
}

async function seen(box: Locator): Promise<Seen> {
  return box.evaluate((box) => {
    const found = <T extends Element>(selector: string) => [...box.querySelectorAll<T>(selector)];
    const [audio] = found<HTMLAudioElement>("audio");
    const [field] = found<HTMLInputElement>("input[name=greeting]");
    const [chart] = found(".chart");
    const rows = found("li");
    const isStranger = (element: Element) =>
      (element as Element & { marked?: string }).marked !== (element.getAttribute("data-key") ?? "");
    const key = (element: Element) => element.closest("li")?.getAttribute("data-key") ?? "";
    if (!audio || !field || !chart) throw new Error("expected the content of a box, found none");
    return {
      edition: Number(box.querySelector("p b")?.textContent),
      order: rows.map(key),
      strangers: found("*").filter(isStranger).length,
      typed: field.value,
      selected:
        document.activeElement === field
          ? [field.selectionStart, field.selectionEnd, field.selectionDirection]
          : undefined,
      ticked: found("input:checked").map(key),
      scrolled: chart.scrollTop,
      plays: !audio.paused,
      time: audio.currentTime,
    };
  });
}

/** Waits until so many more editions have been shown, and returns the box as it is then. */
async function later(box: Locator, editions: number): Promise<Seen> {
  const { edition } = await seen(box);
  const now = async () => (await seen(box)).edition;
  await expect.poll(now, "the chart must change").toBeGreaterThanOrEqual(edition + editions);
  return seen(box);
}

async function open(page: Page, server: ShowcaseServer, box: string): Promise<Locator> {
  await openLive(page, `${server.url}/morph`);
  await isLive(page, 1);
  const found = page.locator(box);
  await expect(found.locator("li")).toHaveCount(SONGS);
  // Without it the browser would not play anything.
  await page.locator("h1").click();
  return found;
}

/** Does in a box what visitors do, all at once, since the next edition may come at any time. */
async function use(box: Locator): Promise<void> {
  await box.evaluate(async (box) => {
    const [audio, field] = [box.querySelector("audio"), box.querySelector<HTMLInputElement>("input[name=greeting]")];
    const [chart, tick] = [box.querySelector(".chart"), box.querySelectorAll<HTMLInputElement>("input[type=checkbox]")];
    if (!audio || !field || !chart) throw new Error("expected the content of a box, found none");
    tick[3]?.click();
    field.focus();
    field.value = "hello, all";
    field.setSelectionRange(7, 10, "backward");
    chart.scrollTop = 60;
    // So that it does not come round before the test is over.
    audio.playbackRate = 0.25;
    // Where the content is written anew, the next edition may take the player away before it has begun.
    await audio.play().catch((error: unknown) => {
      if (audio.isConnected) throw error;
    });
  });
}

test.describe("without JavaScript", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("shows the present chart in both boxes", async ({ page, server }) => {
    await expect(async () => {
      await page.goto(`${server.url}/morph`);
      for (const box of ["#morphed", "#replaced"]) {
        await expect(page.locator(`${box} li`)).toHaveCount(SONGS, { timeout: 500 });
        await expect(page.locator(`${box} p`)).toHaveText(/^Edition \d+\./, { timeout: 500 });
      }
    }).toPass();
  });
});

test("@csr SWP-10, LIF-07: focus, selection, typed text, ticks, scroll position and the playing tune stay", async ({
  page,
  server,
}) => {
  const box = await open(page, server, "#morphed");
  await markElements(box);
  await use(box);
  const before = await seen(box);
  expect(before).toMatchObject({ strangers: 0, typed: "hello, all", selected: [7, 10, "backward"], plays: true });
  expect([before.ticked.length, before.scrolled]).toEqual([1, 60]);
  await box.locator("audio").evaluate((audio) => {
    for (const name of ["pause", "emptied", "loadstart", "seeking"]) {
      audio.addEventListener(name, () => Object.assign(audio, { wasDisturbed: name }));
    }
  });
  const { order, edition, time, ...after } = await later(box, 3);
  expect(edition).toBeGreaterThan(before.edition);
  expect(order, "the songs must change places").not.toEqual(before.order);
  expect(order.toSorted()).toEqual(before.order.toSorted());
  const { order: _order, edition: _edition, time: begun, ...kept } = before;
  expect(after).toEqual(kept);
  expect(time, "the tune goes on").toBeGreaterThan(begun);
  expect(await box.locator("audio").evaluate((audio) => ({ ...audio }))).not.toHaveProperty("wasDisturbed");
  // Whoever types does not notice anything.
  await page.keyboard.type("everybody");
  await expect(box.getByLabel("Write to the station")).toHaveValue("hello, everybody");
});

test("@csr SWP-10: the lamp is one element all the time, so its colour glides", async ({ page, server }) => {
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await openLive(page, `${server.url}/morph`);
  const lamp = page.locator(".air");
  await expect(lamp).toHaveText(/^On air: /);
  await lamp.evaluate((lamp) => {
    const count = { glides: 0 };
    lamp.addEventListener("transitionrun", () => (count.glides += 1));
    Object.assign(lamp, { count });
  });
  const glides = () => lamp.evaluate((lamp) => (lamp as Element & { count?: { glides: number } }).count?.glides);
  await expect.poll(glides, { timeout: 30_000 }).toBeGreaterThan(0);
  await expect(lamp).toHaveCount(1);
});

test("@csr SWP-10: marked words stay marked", async ({ page, server }) => {
  const box = await open(page, server, "#morphed");
  await box.locator("p").evaluate((line) => {
    const text = [...line.childNodes].findLast((node) => node.nodeType === Node.TEXT_NODE);
    if (!text) throw new Error("expected words, found none");
    window.getSelection()?.setBaseAndExtent(text, 2, text, 20);
  });
  const selection = () => page.evaluate(() => window.getSelection()?.toString());
  const marked = await selection();
  expect(marked).toBe("Mark some of these");
  await later(box, 2);
  expect(await selection()).toBe(marked);
});

test("@csr SWP-01: where the content is written anew, nothing of it stays", async ({ page, server }) => {
  const box = await open(page, server, "#replaced");
  await markElements(box);
  await use(box);
  const { order, edition, strangers, ...after } = await later(box, 1);
  expect([order.length, edition > 0, strangers > SONGS]).toEqual([SONGS, true, true]);
  expect(after).toEqual({ typed: "", selected: undefined, ticked: [], scrolled: 0, plays: false, time: 0 });
});
