/**
 * htmx itself says what is right: the HTML that our components render is made live by our wasm, by htmx 1.9.12, and by
 * htmx 2 with its extensions; it gets the same events, frames and clicks, and has to look the same after each.
 *
 * Where we differ by decision is said in `oracle/differences.ts`, and nowhere else may we.
 */

import { isCsr, isDev, NOT_RENDERED } from "../build_mode.ts";
import { DEMO_PAGES } from "../demo_pages.ts";
import { expect, test } from "../live.ts";
import { BOTH_SPELLINGS, compare, ONE_SPELLING } from "../oracle/comparison.ts";
import { judge } from "../oracle/difference.ts";
import { DIFFERENCES, SHOWCASE_DIFFERENCES } from "../oracle/differences.ts";
import { asJson, complaints, table } from "../oracle/report.ts";
import { counts, scriptFor } from "../oracle/script.ts";
import { marked, showcaseSteps } from "../oracle/showcase_script.ts";
import { casesOf } from "../oracle/step.ts";

test.skip(isCsr, NOT_RENDERED);

/** What htmx says on the console and throws is its own affair; and one answer is meant to be refused. */
const OF_HTMX = /\/oracle\/(script|refused)/;

test("every case of the test kit's page", async ({ browser, request, server, allowConsole }, testInfo) => {
  test.slow();
  allowConsole(OF_HTMX);
  const rendered = async (spelling: string) => {
    const url = `${server.url}/testkit/oracle?spelling=${spelling}`;
    return { url, html: await (await request.get(url)).text() };
  };
  const steps = scriptFor(casesOf((await rendered("core")).html));
  const { events, frames } = counts(steps);
  expect(events, "events").toBeGreaterThanOrEqual(300);
  expect(frames, "frames").toBeGreaterThanOrEqual(60);

  const { found } = await compare(
    browser,
    BOTH_SPELLINGS,
    ({ spelling }) => rendered(spelling),
    () => steps,
  );
  const judged = judge(
    found,
    DIFFERENCES,
    steps.map(({ name }) => name),
  );
  await testInfo.attach("differences.json", { body: asJson(judged), contentType: "application/json" });
  console.log(`${steps.length} steps with ${events} events and ${frames} frames; steps that differ by decision:`);
  console.log(table(judged));
  expect(complaints(judged)).toBe("");
});

const PATHS = ["/", ...DEMO_PAGES.map(({ path }) => path)];
/** Of the pages a developer's build has a sample: it renders each component as it does in the cases above. */
const COMPARED = PATHS.filter((_, index) => !isDev || index % 4 === 0);

for (const path of COMPARED) {
  test(`the showcase's ${path}`, async ({ browser, request, server, allowConsole }) => {
    allowConsole(OF_HTMX);
    const url = server.url + path;
    const html = marked(await (await request.get(url)).text());
    const { ours, found } = await compare(
      browser,
      ONE_SPELLING,
      async () => ({ url, html }),
      ({ page }) => showcaseSteps(page),
    );
    expect(ours, "every page has something live").not.toEqual([]);
    for (const [number, { step, lines }] of ours.entries()) {
      expect(lines, `${step} must change something`).not.toEqual(ours[number - 1]?.lines);
    }
    const names = ours.map(({ step }) => step);
    expect(complaints(judge(found, SHOWCASE_DIFFERENCES[path] ?? [], names))).toBe("");
  });
}
