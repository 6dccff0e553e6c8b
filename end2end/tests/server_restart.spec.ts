/**
 * Servers that stop, crash and come back while pages are open: the pages recover without being loaded again, are told
 * that the history of before is lost, and go on.
 */

import type { Page } from "@playwright/test";
import { isLive, isMarked, mark, moreEvents } from "../demo_controls.ts";
import { domEvents, expect, NETWORK_ERRORS, sequence, test } from "../live.ts";
import { connected, openLive } from "../live_page.ts";
import { publishNumbers, range } from "../numbers.ts";
import { parsePosition } from "../position.ts";
import { uniqueTopic } from "../unique_topic.ts";

const source = (page: Page) => page.locator("#source");

test.beforeEach(({ allowConsole }) => allowConsole(NETWORK_ERRORS));

for (const how of ["stopped", "killed"] as const) {
  test(`R07, R17: the server ${how} and started again: a new epoch is told as a gap, and the page goes on`, async ({
    page,
    ownServer,
  }) => {
    const topic = uniqueTopic("restart");
    const read = await domEvents(page, "#source", ["live:gap"]);
    await openLive(page, `${ownServer.url}/testkit/sequence?topic=${topic}`);
    await mark(page);
    await publishNumbers(ownServer, topic, 1, 3);
    const before = parsePosition(await ownServer.publish(topic, "other", "x"));
    await expect.poll(() => sequence(page)).toEqual(range(1, 3));
    await (how === "stopped" ? ownServer.stop() : ownServer.kill());
    await expect(source(page)).toHaveAttribute("data-state", "reconnecting");
    await ownServer.start();
    await publishNumbers(ownServer, topic, 4, 6);
    await expect.poll(() => sequence(page), { timeout: 20_000 }).toEqual(range(1, 6));
    await expect(page.getByTestId("gaps")).toHaveText("1");
    await expect(page.getByTestId("last-gap")).toContainText("the stream was restarted");
    await publishNumbers(ownServer, topic, 7, 9);
    await expect.poll(() => sequence(page)).toEqual(range(1, 9));
    await isMarked(page);
    const after = parsePosition(await ownServer.publish(topic, "other", "x"));
    expect(after.epoch).not.toBe(before.epoch);
    const gaps = await read();
    expect(gaps).toHaveLength(1);
    const detail = gaps[0]?.detail as { reason: string; from: string; to: string };
    expect(detail.reason).toBe("epoch");
    expect(parsePosition(detail.from).epoch).toBe(before.epoch);
    expect(parsePosition(detail.to).epoch).toBe(after.epoch);
  });
}

test("restarted three times, it is told three times and loses nothing of what is kept", async ({ page, ownServer }) => {
  const topic = uniqueTopic("restart");
  await openLive(page, `${ownServer.url}/testkit/sequence?topic=${topic}`);
  await mark(page);
  for (const round of [1, 2, 3]) {
    await ownServer.restart();
    await publishNumbers(ownServer, topic, round * 2 - 1, round * 2);
    await expect.poll(() => sequence(page), { timeout: 20_000 }).toEqual(range(1, round * 2));
    await expect(page.getByTestId("gaps")).toHaveText(String(round));
  }
  await isMarked(page);
});

test("@csr the demos recover, streams and sockets alike", async ({ page, ownServer, context }) => {
  const pages = [
    { page, path: "/simple", sources: 5 },
    { page: await context.newPage(), path: "/heartbeat", sources: 1 },
  ];
  for (const each of pages) {
    await openLive(each.page, ownServer.url + each.path);
    await isLive(each.page, each.sources);
    await mark(each.page);
  }
  await ownServer.restart();
  for (const each of pages) {
    const opened = each.page.getByTestId("connections");
    await expect(opened).toHaveText(String(each.sources * 2), { timeout: 20_000 });
    await connected(each.page);
    await moreEvents(each.page);
    await isMarked(each.page);
  }
});

test("a message that was sent while the server was down arrives when it is back", async ({ page, ownServer }) => {
  await openLive(page, `${ownServer.url}/testkit/form?reset=1`);
  await ownServer.stop();
  await expect(source(page)).toHaveAttribute("data-state", "reconnecting");
  await page.locator("#form [name=text]").fill("while it was down");
  await page.locator("#plain").click();
  await ownServer.start();
  await expect(page.locator("#room p")).toHaveText(["while it was down"], { timeout: 20_000 });
  await expect(page.locator("#error")).toBeEmpty();
});

test("a server that is asked to stop ends idle streams and sockets, and then itself", async ({ page, ownServer }) => {
  await openLive(page, `${ownServer.url}/testkit/components?topic=${uniqueTopic("idle")}`);
  const mark = ownServer.outputMark;
  await ownServer.stop();
  expect(ownServer.lastExit).toEqual({ code: 0, signal: null });
  // Its own clock judges: a process that gets no processor time is not slow to stop.
  const output = ownServer.outputSince(mark);
  expect(output).toContain("stopping");
  expect(output).not.toContain("some requests did not end in time");
  await expect(page.getByTestId("sse-source")).toHaveAttribute("data-state", "reconnecting");
  await expect(page.getByTestId("ws-source")).toHaveAttribute("data-state", "reconnecting");
});
