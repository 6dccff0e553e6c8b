/**
 * `<WsSource>`: the markup, the socket that the page opens and shares, the frames that it gets, the close codes after
 * which it comes back, and what it tells its surroundings. Frames and codes that the showcase's server does not send
 * come from a stand-in for the server.
 */

import type { Page } from "@playwright/test";
import { isCsr, NOT_RENDERED } from "../build_mode.ts";
import { domEvents, expect, NETWORK_ERRORS, test, type ShowcaseServer } from "../live.ts";
import { openLive } from "../live_page.ts";
import { SILENCE_MS, skipTime, stopTime, takeTime } from "../page_clock.ts";
import { SocketStandIn } from "../socket_stand_in.ts";
import { uniqueTopic } from "../unique_topic.ts";

const source = (page: Page) => page.getByTestId("ws-source");
const status = (page: Page) => page.getByTestId("ws-status");
const componentsUrl = (base: string) => `${base}/testkit/components?topic=${uniqueTopic("ws")}`;

async function openOnStandIn(page: Page, server: ShowcaseServer): Promise<SocketStandIn> {
  const standIn = await SocketStandIn.on(page);
  await openLive(page, componentsUrl(server.url));
  return standIn;
}

test.describe("as the server renders it", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("WSC-01: carries htmx's attribute and spread attributes", async ({ page, server }) => {
    await page.goto(componentsUrl(server.url));
    await expect(source(page)).toHaveAttribute("hx-ws", "connect:/testkit/ws");
    await expect(source(page)).toHaveAttribute("data-state", "idle");
    await expect(source(page)).toHaveClass("source");
  });
});

test("@csr WSC-03, WSC-05: connects to the page's own host", async ({ page, server }) => {
  const opened: string[] = [];
  page.on("websocket", (socket) => opened.push(socket.url()));
  await openLive(page, componentsUrl(server.url));
  expect(opened).toEqual([`ws://${server.host}:${server.port}/testkit/ws`]);
  await server.expectStats(({ ws_connections }) => ws_connections === 1, "one socket");
  await page.goto("about:blank");
  await server.expectStats(({ ws_connections }) => ws_connections === 0, "no socket");
});

test("WSV-01, WSR-15: tells its life: connecting, open, close, connecting, open", async ({
  page,
  faultProxy,
  allowConsole,
}) => {
  allowConsole(NETWORK_ERRORS);
  const names = ["htmx:wsConnecting", "htmx:wsOpen", "htmx:wsClose"];
  const read = await domEvents(page, "[data-testid=ws-source]", names);
  await openLive(page, componentsUrl(faultProxy.url));
  await faultProxy.cut();
  await expect.poll(async () => (await read()).length, "the cut must be mended").toBe(5);
  const events = await read();
  expect(events.map(({ name }) => name)).toEqual([...names, "htmx:wsConnecting", "htmx:wsOpen"]);
  expect(events[0]).toMatchObject({ detail: { event: { type: "connecting" } } });
  expect(events[0]?.detail).not.toHaveProperty("socketWrapper");
  expect(events[1]).toMatchObject({ detail: { event: { type: "open" }, socketWrapper: { send: "[function]" } } });
  expect(events[2]).toMatchObject({ detail: { event: { type: "close" } } });
  await expect(source(page)).toHaveAttribute("data-state", "open");
});

test("WSR-16: an error is told on the source", async ({ page, faultProxy, allowConsole }) => {
  allowConsole(NETWORK_ERRORS);
  const read = await domEvents(page, "[data-testid=ws-source]", ["htmx:wsError", "htmx:error"]);
  await openLive(page, componentsUrl(faultProxy.url));
  await faultProxy.refuse();
  await expect.poll(async () => (await read()).length).toBeGreaterThan(1);
  const [general, error] = await read();
  expect(error).toMatchObject({ name: "htmx:wsError", detail: { error: { type: "error" } } });
  expect(general).toMatchObject({ name: "htmx:error", detail: { errorInfo: {} } });
  await expect(source(page)).toHaveAttribute("data-state", "reconnecting");
  await faultProxy.pass();
  await expect(source(page)).toHaveAttribute("data-state", "open");
});

for (const { code, state } of [
  { code: 1001, state: "open" },
  { code: 1011, state: "open" },
  { code: 1012, state: "open" },
  { code: 1013, state: "open" },
  { code: 1000, state: "closed" },
  { code: 1008, state: "closed" },
  { code: 4403, state: "closed" },
]) {
  test(`WSR-01: after close code ${code} it is ${state}`, async ({ page, server }) => {
    await takeTime(page);
    const standIn = await openOnStandIn(page, server);
    await standIn.sockets[0]?.close({ code, reason: "as asked" });
    if (state === "open") {
      await expect.poll(() => standIn.sockets.length).toBe(2);
      await expect(source(page)).toHaveAttribute("data-state", "open");
      return;
    }
    await expect(source(page)).toHaveAttribute("data-state", "closed");
    await expect(status(page)).toHaveText(`closed: closed with code ${code}`);
    await skipTime(page, 600_000);
    expect(standIn.sockets).toHaveLength(1);
  });
}

test("R13: a socket whose heartbeats stop is opened again", async ({ page, server }) => {
  await takeTime(page);
  const standIn = await openOnStandIn(page, server);
  const alive = '{"ll:heartbeat":"0000000000000001-0"}';
  standIn.send(alive);
  standIn.send('<div id="echo">after the heartbeat</div>');
  await expect(page.locator("#echo")).toHaveText("after the heartbeat");
  await skipTime(page, SILENCE_MS - 5_000);
  expect(standIn.sockets).toHaveLength(1);
  await skipTime(page, 10_000);
  await expect.poll(() => standIn.sockets.length).toBe(2);
  await expect(source(page)).toHaveAttribute("data-state", "open");
});

test("a socket without heartbeats may be silent for ever", async ({ page, server }) => {
  await takeTime(page);
  const standIn = await openOnStandIn(page, server);
  await skipTime(page, 3_600_000);
  standIn.send('<div id="echo">still there</div>');
  await expect(page.locator("#echo")).toHaveText("still there");
  expect(standIn.sockets).toHaveLength(1);
});

test("control frames: a pause is kept, and an end is an end", async ({ page, server }) => {
  await takeTime(page);
  const standIn = await openOnStandIn(page, server);
  await stopTime(page);
  standIn.send('{"ll:retry":"20000"}');
  await standIn.sockets[0]?.close({ code: 1012 });
  await expect(source(page)).toHaveAttribute("data-state", "reconnecting");
  await page.clock.runFor(19_900);
  expect(standIn.sockets).toHaveLength(1);
  await page.clock.runFor(1_000);
  await expect.poll(() => standIn.sockets.length).toBe(2);
  await expect(source(page)).toHaveAttribute("data-state", "open");
  standIn.send('{"ll:close":"close"}');
  await expect(source(page)).toHaveAttribute("data-state", "closed");
  await expect(status(page)).toHaveText("closed: ended by the server");
});

test("WSM-10, WSM-11: scripts hear of each frame, and may refuse it", async ({ page, server }) => {
  const standIn = await openOnStandIn(page, server);
  await page.evaluate(() => {
    document.addEventListener("htmx:wsBeforeMessage", (event) => {
      if ((event as CustomEvent<{ message: string }>).detail.message.includes("refused")) event.preventDefault();
    });
  });
  const names = ["htmx:wsBeforeMessage", "htmx:wsAfterMessage"];
  const read = await domEvents(page, "[data-testid=ws-source]", names);
  standIn.send('<div id="echo">refused</div>');
  standIn.send('<div id="echo">taken</div>');
  await expect(page.locator("#echo")).toHaveText("taken");
  // CON-33: after the frame has settled.
  const heard = async () => (await read()).map(({ name }) => name);
  await expect.poll(heard).toEqual([names[0], names[0], names[1]]);
  const events = await read();
  expect(events[2]).toMatchObject({
    detail: { message: '<div id="echo">taken</div>', socketWrapper: { reconnect: "[function]" } },
  });
});

test("WSQ-07: scripts may open the socket anew", async ({ page, server }) => {
  const standIn = await openOnStandIn(page, server);
  await page.evaluate(() => {
    document.addEventListener("htmx:wsAfterMessage", (event) => {
      (event as CustomEvent<{ socketWrapper: { reconnect(): void } }>).detail.socketWrapper.reconnect();
    });
  });
  standIn.send('<div id="echo">again</div>');
  await expect.poll(() => standIn.sockets.length).toBe(2);
  await expect(source(page)).toHaveAttribute("data-state", "open");
  await expect(page.locator("#echo")).toHaveText("again");
});

test("WSC-12, WSM-29: markup that asks for the same socket shares it, and frames count once", async ({
  page,
  server,
}) => {
  const topic = uniqueTopic("ws");
  await openLive(page, `${server.url}/testkit/components?topic=${topic}`);
  await server.publish(topic, "message", '<div id="second" hx-ws="connect:/testkit/ws">…</div>');
  await expect(page.locator("#second")).toHaveAttribute("data-state", "open");
  await server.expectStats(({ ws_connections }) => ws_connections === 1, "one socket for both");
  await page.getByTestId("ws-send").click();
  await expect(page.locator("#room p")).toHaveText(["from a button"]);
  await server.publish(topic, "message", "without the second");
  await expect(page.locator("#second")).toHaveCount(0);
  await page.getByTestId("ws-send").click();
  await expect(page.locator("#room p")).toHaveText(["from a button", "from a button"]);
  await server.expectStats(({ ws_connections }) => ws_connections === 1, "the socket of the first");
});
