/**
 * What every demo page must do, whatever else it does: be live, survive the two buttons that disturb it without being
 * loaded again, go on, and show its source. What is particular to a page is in the page's own spec.
 */

import { isCsr } from "../../build_mode.ts";
import { dropAndRecover, isLive, moreEvents, restartAndRecover, showsItsSource } from "../../demo_controls.ts";
import { DEMO_PAGES, type DemoPage } from "../../demo_pages.ts";
import { test } from "../../live.ts";
import { openLive } from "../../live_page.ts";

const kind = ({ sources, streams, feeds }: DemoPage) => `${sources} sources, ${streams} streams, feeds: ${feeds}`;
/** Pages that the browser has built recover as the server's do, so that one page of each kind of sources will do. */
const PAGES = isCsr ? new Map(DEMO_PAGES.map((page) => [kind(page), page])).values() : DEMO_PAGES;

for (const { path, file, component, sources, streams, feeds } of PAGES) {
  test(`@csr ${path} is live, recovers from a drop and a restart, shows its source`, async ({ page, server }) => {
    await openLive(page, server.url + path);
    await isLive(page, sources);
    await dropAndRecover(page, sources);
    if (feeds) await moreEvents(page);
    await restartAndRecover(page, { all: sources, streams });
    if (feeds) await moreEvents(page);
    // The source is part of the program as well, so it is there in a page that the browser has built.
    await showsItsSource(page, file, `pub fn ${component}() -> impl IntoView {`);
  });
}
