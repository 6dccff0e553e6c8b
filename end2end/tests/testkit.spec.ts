/**
 * The test kit's HTTP contract, as src/docs/testkit.md states it for whoever measures from outside: publishing, the raw
 * stream of any topic, the echoing socket, the counters; and that all of it is absent unless it is asked for.
 */

import type { APIRequestContext, APIResponse } from "@playwright/test";
import { TESTKIT_PAGES } from "../demo_pages.ts";
import { EventStream } from "../event_stream.ts";
import { expect, test } from "../live.ts";
import { parsePosition } from "../position.ts";
import { uniqueTopic } from "../unique_topic.ts";

const POSITION = /^[0-9a-f]{16}-\d+$/;

function publish(request: APIRequestContext, base: string, query: string, data: string | Buffer): Promise<APIResponse> {
  return request.post(`${base}/testkit/publish?${query}`, { data });
}

test.describe("POST /testkit/publish", () => {
  test("answers with the position, which grows", async ({ request, server }) => {
    const topic = uniqueTopic("kit");
    const offsets: number[] = [];
    for (const data of ["one", "", "x".repeat(100_000)]) {
      const response = await publish(request, server.url, `topic=${topic}&event=e`, data);
      expect(response.status()).toBe(200);
      expect(response.headers()["content-type"]).toBe("application/json");
      const answer = (await response.json()) as { position: string };
      expect(answer).toEqual({ position: expect.stringMatching(POSITION) });
      offsets.push(parsePosition(answer.position).offset);
    }
    expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b));
  });

  for (const { what, query, data } of [
    { what: "no topic", query: "event=e", data: "x" },
    { what: "an empty topic", query: "topic=&event=e", data: "x" },
    { what: "a topic with a line break", query: "topic=a%0Ab&event=e", data: "x" },
    { what: "an event with a line break", query: "topic=a&event=e%0Aid:7", data: "x" },
    { what: "an event with a NUL", query: "topic=a&event=%00", data: "x" },
    { what: "a control event", query: "topic=a&event=ll:gap", data: "x" },
    { what: "a body that is no UTF-8", query: "topic=a&event=e", data: Buffer.from([0xff, 0xfe]) },
    { what: "a body of two megabytes", query: "topic=a&event=e", data: "x".repeat(2 << 20) },
  ]) {
    test(`refuses ${what}, with the reason`, async ({ request, server }) => {
      const response = await publish(request, server.url, query, data);
      expect(response.status()).toBe(400);
      expect(await response.text()).toMatch(/expected .+/);
    });
  }
});

test.describe("GET /testkit/sse", () => {
  test("is the raw stream: head, control events, then what is published, verbatim", async ({ server }) => {
    const topic = uniqueTopic("kit");
    const stream = await EventStream.open(`${server.url}/testkit/sse?topic=${topic}`);
    expect(stream.status).toBe(200);
    expect(stream.header("content-type")).toMatch(/^text\/event-stream/);
    expect(stream.header("cache-control")).toContain("no-store");
    expect(stream.header("x-accel-buffering")).toBe("no");
    await stream.sees("event: ll:heartbeat\n");
    const position = await server.publish(topic, "e", "<b>one</b>\n two");
    await stream.sees(`event: e\nid: ${position}\ndata: <b>one</b>\ndata:  two\n\n`);
    const unnamed = await server.publish(topic, "message", "x");
    await stream.sees(`id: ${unnamed}\ndata: x\n\n`);
    stream.close();
    await server.expectStats(({ topics }) => topics[topic]?.subscribers === 0, "no reader");
  });

  test("carries several topics in the order of publication", async ({ server }) => {
    const [one, two, other] = [uniqueTopic("kit"), uniqueTopic("kit"), uniqueTopic("kit")];
    const stream = await EventStream.open(`${server.url}/testkit/sse?topic=${one}&topic=${two}`);
    for (const [topic, data] of [[one, "1"], [two, "2"], [other, "-"], [one, "3"], [two, "4"]] as const) {
      await server.publish(topic, "e", data);
    }
    await stream.sees("data: 4\n");
    const data = [...stream.text.matchAll(/^event: e\nid: .*\ndata: (.*)$/gm)].map(([, text]) => text);
    expect(data).toEqual(["1", "2", "3", "4"]);
    stream.close();
  });

  test("resumes after a position, from the header or the query", async ({ server }) => {
    const topic = uniqueTopic("kit");
    const first = await server.publish(topic, "e", "first");
    for (const data of ["second", "third"]) await server.publish(topic, "e", data);
    const url = `${server.url}/testkit/sse?topic=${topic}`;
    for (const stream of [
      await EventStream.open(`${url}&last-event-id=${first}`),
      await EventStream.open(url, { "last-event-id": first }),
    ]) {
      await stream.sees("data: third\n");
      expect(stream.text).toContain("data: second\n");
      expect(stream.text).not.toContain("data: first\n");
      expect(stream.text).not.toContain("ll:gap");
      stream.close();
    }
  });

  test("tells a gap, and sends what is kept, after a position that is none of its own", async ({ server }) => {
    const topic = uniqueTopic("kit");
    await server.publish(topic, "e", "kept");
    for (const cursor of ["0123456789abcdef-7", "nonsense"]) {
      const stream = await EventStream.open(`${server.url}/testkit/sse?topic=${topic}&last-event-id=${cursor}`);
      await stream.sees("event: ll:live\n");
      const order = ["event: ll:heartbeat\n", "event: ll:gap\n", "event: ll:snapshot\n", "data: kept\n", "event: ll:live\n"];
      const places = order.map((text) => stream.text.indexOf(text));
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(places[0]).toBeGreaterThanOrEqual(0);
      stream.close();
    }
  });

  test("refuses no topic, a bad one, and too many", async ({ request, server }) => {
    const many = Array.from({ length: 101 }, (_, index) => `topic=t${index}`).join("&");
    for (const query of ["", "topic=", "topic=a%0Ab", many]) {
      const response = await request.get(`${server.url}/testkit/sse?${query}`);
      expect(response.status(), query.slice(0, 20)).toBe(400);
    }
  });
});

test("GET /testkit/ws echoes values and headers as HTML, and tells the room", async ({ page, server }) => {
  await page.goto(`${server.url}/testkit/swap`);
  const frames = await page.evaluate(
    () =>
      new Promise<string[]>((resolve, reject) => {
        const frames: string[] = [];
        const socket = new WebSocket("/testkit/ws");
        socket.onerror = () => reject(new Error("the socket failed"));
        socket.onopen = () => {
          socket.send("no JSON");
          socket.send('{"text": "<i>hi</i>", "n": [1, 2], "HEADERS": {"HX-Request": "true"}}');
        };
        socket.onmessage = ({ data }) => {
          // Control frames are JSON.
          if (!String(data).startsWith("{") && frames.push(String(data)) === 2) resolve(frames);
        };
      }),
  );
  const [echo, room] = frames.sort();
  expect(echo).toMatch(/^<div id="echo" data-headers="{&quot;HX-Request&quot;:&quot;true&quot;}">/);
  expect(echo).toContain("&lt;i&gt;hi&lt;/i&gt;");
  // A build with erased view types leaves marker comments inside.
  expect((room ?? "").replaceAll("<!>", "")).toMatch(/^<div id="room" hx-swap-oob="beforeend"><p>&lt;i&gt;hi&lt;\/i&gt;<\/p>/);
});

test("GET /testkit/ws refuses a page of another origin", async ({ page, server, makeProxy, allowConsole }) => {
  allowConsole(/WebSocket connection to/);
  const other = await makeProxy(server);
  await page.goto(`${other.url}/testkit/swap`);
  const before = (await server.stats()).refused;
  const outcome = await page.evaluate(
    (url) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(url);
        socket.onopen = () => resolve("opened");
        socket.onerror = () => resolve("refused");
      }),
    `ws://${server.host}:${server.port}/testkit/ws`,
  );
  expect(outcome).toBe("refused");
  const sum = (refused: Record<string, number>) => Object.values(refused).reduce((a, b) => a + b, 0);
  expect(sum((await server.stats()).refused)).toBe(sum(before) + 1);
});

test("GET /testkit/stats counts", async ({ server, request }) => {
  const topic = uniqueTopic("kit");
  const response = await request.get(`${server.url}/testkit/stats`);
  expect(response.headers()["content-type"]).toBe("application/json");
  const before = await server.stats();
  for (const key of ["sse_connections", "ws_connections", "published", "delivered", "replayed", "gaps", "dropped", "tasks"] as const) {
    expect(before[key], key).toEqual(expect.any(Number));
  }
  expect(before.topics).toEqual(expect.any(Object));
  expect(before.refused).toEqual(expect.any(Object));
  const first = await server.publish(topic, "e", "1");
  await server.publish(topic, "e", "2");
  const stream = await EventStream.open(`${server.url}/testkit/sse?topic=${topic}&last-event-id=${first}`);
  await stream.sees("data: 2\n");
  const lost = await EventStream.open(`${server.url}/testkit/sse?topic=${topic}&last-event-id=nonsense`);
  await lost.sees("ll:live");
  const after = await server.stats();
  expect(after.topics[topic]).toEqual({ subscribers: 2, published: 2, retained: 2 });
  expect(after.published).toBeGreaterThanOrEqual(before.published + 2);
  expect(after.replayed).toBeGreaterThanOrEqual(before.replayed + 3);
  expect(after.delivered).toBeGreaterThanOrEqual(before.delivered + 3);
  expect(after.gaps).toBe(before.gaps + 1);
  stream.close();
  lost.close();
});

test.describe("without LEPTOS_LIVE_TESTKIT", () => {
  test.use({ serverEnv: { LEPTOS_LIVE_TESTKIT: undefined } });

  test("all of it answers 404, and the site is there", async ({ ownServer, request }) => {
    const paths = [...TESTKIT_PAGES, "/testkit/sse?topic=a", "/testkit/stats", "/testkit/ws", "/testkit/answer", "/testkit"];
    for (const path of paths) {
      expect((await request.get(ownServer.url + path)).status(), path).toBe(404);
    }
    expect((await publish(request, ownServer.url, "topic=a&event=e", "x")).status()).toBe(404);
    expect((await request.get(ownServer.url)).status()).toBe(200);
  });
});
