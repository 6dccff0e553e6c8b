/** “Multiple”: one box that takes the events of two names from a stream that carries four. */

import { isCsr, NOT_RENDERED } from "../../build_mode.ts";
import { isLive } from "../../demo_controls.ts";
import { expect, test, type ServerStats } from "../../live.ts";
import { openLive } from "../../live_page.ts";
import { shownTexts } from "../../shown_texts.ts";

const TAKEN = /^event: Event[12]$/;

test.describe("without JavaScript", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("shows the newest event of either name", async ({ page, server }) => {
    // Which names have been drawn at the start is a matter of chance.
    await expect(async () => {
      await page.goto(`${server.url}/multiple`);
      await expect(page.locator(".content .event")).toHaveText(TAKEN, { timeout: 500 });
    }).toPass();
  });
});

test("@csr shows both names and no other", async ({ page, server }) => {
  await openLive(page, `${server.url}/multiple`);
  await isLive(page, 1);
  const shown = await shownTexts(page, ".content", ".event");
  const published = (stats: ServerStats) => stats.topics["posts/named"]?.published ?? 0;
  const enough = published(await server.stats()) + 12;
  await server.expectStats((stats) => published(stats) >= enough, "twelve more events, of four names");
  // Which names are drawn is a matter of chance, so the second one may take longer.
  const names = async () => [...new Set(await shown())].sort();
  await expect.poll(names).toEqual(["event: Event1", "event: Event2"]);
});
