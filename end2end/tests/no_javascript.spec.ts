/**
 * Without JavaScript every page shows the state that the server has rendered, and its links and forms work. What is
 * particular to a page is in the page's own spec.
 */

import { isCsr, NOT_RENDERED } from "../build_mode.ts";
import { pressPlainly } from "../demo_controls.ts";
import { DEMO_PAGES, HOME_TITLE, TESTKIT_PAGES } from "../demo_pages.ts";
import { expect, test } from "../live.ts";
import { parsePosition } from "../position.ts";

test.skip(isCsr, NOT_RENDERED);
test.use({ javaScriptEnabled: false });

for (const { path, title, sources } of DEMO_PAGES) {
  test(`${path} shows its state`, async ({ page, server }) => {
    const response = await page.goto(server.url + path);
    expect(response?.status()).toBe(200);
    await expect(page.locator("h1")).toHaveText(title);
    await expect(page).toHaveTitle(new RegExp(`^${title}`));
    await expect(page.locator("nav a[aria-current=page]")).toHaveText(title);
    const connecting = page.locator('main [hx-sse^="connect:"], main [hx-ws^="connect:"]');
    await expect(connecting).toHaveCount(sources);
    for (const source of await connecting.all()) await expect(source).toHaveAttribute("data-state", "idle");
    await expect(page.getByTestId("connections")).toHaveText("0");
    await page.locator("section.source summary").click();
    await expect(page.locator("section.source code")).toContainText("#[component]");
    await server.expectStats(
      ({ sse_connections, ws_connections }) => sse_connections + ws_connections === 0,
      "no connection",
    );
  });
}

test("all pages are in reach by links", async ({ page, server }) => {
  await page.goto(server.url);
  for (const { path, title } of DEMO_PAGES) {
    await page.locator("nav").getByRole("link", { name: title, exact: true }).click();
    await expect(page).toHaveURL(server.url + path);
    await expect(page.locator("h1")).toHaveText(title);
  }
  await page.getByRole("link", { name: "leptos-live" }).click();
  await expect(page.locator("h1")).toHaveText(HOME_TITLE);
});

test("the buttons that disturb a page are plain forms", async ({ page, server }) => {
  await page.goto(`${server.url}/simple`);
  const epoch = async () => {
    const position = await page.locator('main [hx-sse^="connect:"]').first().getAttribute("data-position");
    return parsePosition(position).epoch;
  };
  const before = await epoch();
  await pressPlainly(page, "drop");
  await expect(page.locator("h1")).toHaveText("Simple");
  expect(await epoch(), "a drop loses no history").toBe(before);
  await pressPlainly(page, "restart");
  await expect(page.locator("h1")).toHaveText("Simple");
  expect(await epoch(), "a restart begins a new one").not.toBe(before);
});

for (const path of TESTKIT_PAGES) {
  test(`${path} is rendered`, async ({ page, server }) => {
    const response = await page.goto(server.url + path);
    expect(response?.status()).toBe(200);
    await expect(page.locator("main h1")).not.toBeEmpty();
  });
}
