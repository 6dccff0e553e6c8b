/**
 * The fault proxy itself, before anything is concluded from it: each fault against a small HTTP server, seen through a
 * bare socket. Needs neither browser nor showcase.
 *
 * "Nothing arrives" cannot be waited for. Instead the same server is asked through a second, healthy proxy: server,
 * proxies and clients share one event loop, so by the time those answers are here the others would be too.
 */

import { createHash } from "node:crypto";
import { expect } from "@playwright/test";
import { HELLO, LARGE, SOON, test } from "./fault_proxy_bench.ts";

test("passes bytes both ways and counts them", async ({ bench: { origin, proxy, open } }) => {
  const client = open(HELLO);
  await client.sees("hello");
  expect(proxy.accepted).toBe(1);
  expect(proxy.open).toBe(1);
  expect(proxy.bytes).toEqual({ toUpstream: HELLO.length, toClient: client.received.length, swallowed: 0 });
  client.socket.end();
  await client.ends("end");
  await expect.poll(() => proxy.open, SOON).toBe(0);
  await expect.poll(() => origin.connections, SOON).toBe(0);
  expect(proxy.accepted).toBe(1);
});

test("refuses new connections, resets those it had, and comes back on the same port", async ({ bench }) => {
  const { proxy, open, stream } = bench;
  const running = await stream();
  await proxy.refuse();
  await running.ends("ECONNRESET");
  expect(proxy.open).toBe(0);
  await open(HELLO).ends("ECONNREFUSED");
  await proxy.refuse();
  await proxy.pass();
  await open(HELLO).sees("hello");
});

test("cuts with a reset on both sides; new connections pass", async ({ bench: { origin, proxy, open, stream } }) => {
  const clients = [await stream(), await stream()];
  expect(origin.connections).toBe(2);
  await proxy.cut();
  for (const client of clients) await client.ends("ECONNRESET");
  await expect.poll(() => origin.connections, SOON).toBe(0);
  await open(HELLO).sees("hello");
});

for (const count of [1, 17, 4096, 65_537, 3_000_000]) {
  test(`cuts after exactly ${count} bytes`, async ({ bench: { origin, proxy, open } }) => {
    const whole = open(LARGE);
    await whole.ends("end");
    await proxy.cutAfterBytes(count);
    const client = open(LARGE);
    await client.ends("end");
    expect(client.received.length).toBe(count);
    expect(client.text.slice(0, 15)).toBe(whole.text.slice(0, Math.min(15, count)));
    expect(proxy.bytes.toClient).toBe(whole.received.length + count);
    await expect.poll(() => origin.connections, SOON).toBe(0);
    await expect.poll(() => proxy.open, SOON).toBe(0);
  });
}

test("cuts a stream in the middle of an event, each new connection anew", async ({ bench }) => {
  const { origin, proxy, open, stream } = bench;
  const before = await stream();
  const head = before.received.length;
  await proxy.cutAfterBytes(head + 2);
  for (let round = 0; round < 2; round += 1) {
    const client = await stream();
    origin.emit("data: 1\n\n");
    await client.ends("end");
    expect(client.received.length).toBe(head + 2);
  }
  await proxy.pass();
  await open(HELLO).sees("hello");
  // The connection that was there before has no limit.
  await before.sees("data: 1\n\n");
  expect(before.ending).toBe("none");
});

test("cuts after no byte: the request is served, the answer lost", async ({ bench: { origin, proxy, open } }) => {
  await proxy.cutAfterBytes(0);
  const client = open(HELLO);
  await client.ends("end");
  expect(client.received.length).toBe(0);
  expect(origin.requests).toBe(1);
});

test("a pass lifts the limit of connections that are under way", async ({ bench: { origin, proxy, stream } }) => {
  await proxy.cutAfterBytes(1000);
  const client = await stream();
  await proxy.pass();
  origin.emit(`data: ${"x".repeat(2000)}\n\n`);
  await client.sees(`${"x".repeat(2000)}\n\n`);
  expect(client.ending).toBe("none");
});

test("a stall holds back and delivers later, complete and in order", async ({ bench }) => {
  const { origin, proxy, open, stream, meanwhile } = bench;
  const running = await stream();
  origin.emit("data: 1\n\n");
  await running.sees("data: 1\n\n");
  await proxy.stall();
  const { requests } = origin;
  const before = running.received.length;
  origin.emit("data: 2\n\n");
  origin.emit("data: 3\n\n");
  const fresh = open(HELLO);
  await meanwhile();
  expect(fresh.connected).toBe(true);
  expect(proxy.accepted).toBe(2);
  expect(running.received.length).toBe(before);
  expect(fresh.received.length).toBe(0);
  expect(origin.requests).toBe(requests + 3);
  await proxy.pass();
  await fresh.sees("hello");
  await running.sees("3\n\n");
  expect(running.text.match(/data: \d/g)).toEqual(["data: 1", "data: 2", "data: 3"]);
});

test("a stall also holds what a delay had under way", async ({ bench }) => {
  const { origin, proxy, healthy, stream, meanwhile } = bench;
  const client = await stream();
  proxy.delay(600);
  origin.emit("data: 1\n\n");
  await meanwhile();
  await proxy.stall();
  expect(client.text).not.toContain("data: 1");
  // Three exchanges, each there and back: 720 ms.
  healthy.delay(120);
  await meanwhile();
  expect(client.text).not.toContain("data: 1");
  await proxy.pass();
  await client.sees("data: 1");
});

test("a stall does not read ahead: the server feels it", async ({ bench: { origin, proxy, open, meanwhile } }) => {
  const client = open(LARGE);
  await expect.poll(() => client.received.length, { intervals: [1] }).toBeGreaterThan(0);
  await proxy.stall();
  await meanwhile();
  expect(origin.unsent).toBeGreaterThan(0);
});

test("stalls again and again in a long answer, and no byte is lost", async ({ bench: { origin, proxy, open } }) => {
  const client = open(LARGE);
  for (let stalls = 0; stalls < 20; stalls += 1) {
    await expect.poll(() => client.received.length, { intervals: [1] }).toBeGreaterThan(stalls * 1000);
    await proxy.stall();
    await proxy.pass();
  }
  await client.ends("end");
  const body = client.received.subarray(client.text.indexOf("\r\n\r\n") + 4);
  const hash = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
  expect(hash(body)).toBe(hash(origin.large));
});

test("a closing waits behind a stall", async ({ bench: { origin, proxy, stream, meanwhile } }) => {
  const client = await stream();
  await proxy.stall();
  origin.emit("data: last\n\n");
  for (const response of origin.streams) response.end();
  await meanwhile();
  expect(client.text).not.toContain("last");
  await proxy.pass();
  await client.sees("last");
  await client.sees("0\r\n\r\n");
});

test("a black hole swallows both ways and closes nothing", async ({ bench }) => {
  const { origin, proxy, open, stream, meanwhile } = bench;
  const running = await stream();
  await proxy.blackHole();
  const { requests } = origin;
  const before = running.received.length;
  origin.emit("data: 1\n\n");
  const fresh = open(HELLO);
  await expect.poll(() => proxy.bytes.swallowed, SOON).toBeGreaterThanOrEqual(HELLO.length + "data: 1\n\n".length);
  await meanwhile();
  expect(fresh.connected).toBe(true);
  expect([running.ending, fresh.ending]).toEqual(["none", "none"]);
  expect([running.received.length, fresh.received.length]).toEqual([before, 0]);
  expect(origin.requests).toBe(requests + 3);
  // What lost bytes stays dead: the rest would be taken for something else. New connections are well.
  await proxy.pass();
  origin.emit("data: 2\n\n");
  await open(HELLO).sees("hello");
  await meanwhile();
  expect(running.received.length).toBe(before);
  expect(running.ending).toBe("none");
});

test("a black hole tells nobody of a closing before it is over", async ({ bench }) => {
  const { origin, proxy, stream, meanwhile } = bench;
  const leaving = await stream();
  const left = await stream();
  await proxy.blackHole();
  leaving.socket.resetAndDestroy();
  origin.streams[1]?.destroy();
  await expect.poll(() => proxy.open, SOON).toBe(1);
  await meanwhile();
  expect(left.ending).toBe("none");
  expect(origin.streams[0]?.closed).toBe(false);
  await proxy.pass();
  await left.ends("ECONNRESET");
  await expect.poll(() => origin.connections, SOON).toBe(0);
});

test("a cut ends a black hole and what was in it", async ({ bench: { origin, proxy, open, stream } }) => {
  const running = await stream();
  await proxy.blackHole();
  await proxy.cut();
  await running.ends("ECONNRESET");
  await expect.poll(() => origin.connections, SOON).toBe(0);
  await open(HELLO).sees("hello");
});

test("delays each direction and keeps the order", async ({ bench: { origin, proxy, open, stream } }) => {
  const running = await stream();
  proxy.delay(150);
  let began = performance.now();
  origin.emit("data: 1\n\n");
  proxy.delay(100);
  origin.emit("data: 2\n\n");
  await open(HELLO).sees("hello");
  // There and back.
  expect(performance.now() - began).toBeGreaterThanOrEqual(200);
  await running.sees("data: 2");
  expect(running.text.indexOf("data: 1")).toBeLessThan(running.text.indexOf("data: 2"));
  proxy.delay(5_000);
  proxy.delay(0);
  began = performance.now();
  await open(HELLO).sees("hello");
  expect(performance.now() - began).toBeLessThan(5_000);
});

test("an upstream that is down resets the client, and is found again when it is back", async ({ bench }) => {
  const { origin, proxy, open, stream } = bench;
  const running = await stream();
  await origin.stop();
  await expect.poll(() => running.ending, SOON).not.toBe("none");
  await open(HELLO).ends("ECONNRESET");
  await expect.poll(() => proxy.open, SOON).toBe(0);
  await origin.start();
  await open(HELLO).sees("hello");
});

test("closes: everything is reset, nothing listens", async ({ bench: { origin, proxy, open, stream } }) => {
  const running = await stream();
  await proxy.close();
  await running.ends("ECONNRESET");
  await expect.poll(() => origin.connections, SOON).toBe(0);
  await open().ends("ECONNREFUSED");
});
