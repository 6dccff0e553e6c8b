/**
 * The showcase as two processes on one engine behind nginx: a page does not notice which of them it is at, nor that one is
 * killed or replaced, and says when the engine is gone. What the library promises about brokers is tested by itself, on the
 * same engines (`src/server/broker`).
 */

import type { Page } from "@playwright/test";
import { ENGINES } from "../engine.ts";
import { expect, NETWORK_ERRORS, sequence } from "../live.ts";
import { connected, openLive } from "../live_page.ts";
import { publishNumber, publishNumbers, range } from "../numbers.ts";
import { parsePosition } from "../position.ts";
import { insist, test, whereRead } from "../several_nodes.ts";
import { SteadyReader } from "../steady_reader.ts";
import { uniqueTopic } from "../unique_topic.ts";

/** Readers besides the page. */
const READERS = 10;

const source = (page: Page) => page.locator("#source");

async function shows(page: Page, last: number): Promise<void> {
  await expect.poll(() => sequence(page), `the page must show 1 to ${last}`).toEqual(range(1, last));
}

/** Readers who are connected, through nginx. */
async function readers(url: string, topic: string): Promise<SteadyReader[]> {
  const all = range(1, READERS).map(() => new SteadyReader(`${url}/testkit/sse?topic=${topic}`));
  await expect.poll(() => all.every(({ connections }) => connections === 1), "every reader is connected").toBe(true);
  return all;
}

/** Every reader gets everything once and in order, over more connections than this. */
async function haveAll(all: SteadyReader[], last: number, connections: number): Promise<void> {
  for (const reader of all) {
    await expect.poll(() => reader.numbers.length, "received of what was published").toBeGreaterThanOrEqual(last);
    expect(reader.numbers).toEqual(range(1, last));
    expect(reader.gaps).toEqual([]);
    reader.close();
  }
  expect(all.reduce((sum, reader) => sum + reader.connections, 0)).toBeGreaterThan(connections);
}

for (const engine of ENGINES) {
  test.describe(`on ${engine}`, () => {
    test.use({ engineName: engine });
    test.beforeEach(({ allowConsole }) => allowConsole(NETWORK_ERRORS));

    test("R10, R17: what is published on one node is read on the other, and a node that is killed is missed by nobody", async ({
      page,
      request,
      site: { nodes, url },
    }) => {
      const topic = uniqueTopic("nodes");
      await openLive(page, `${url}/testkit/sequence?topic=${topic}`);
      const { at, other } = await whereRead(nodes, topic);
      const others = await readers(url, topic);
      await publishNumbers(other, topic, 1, 10);
      await publishNumbers(at, topic, 11, 20);
      await shows(page, 20);
      for (const number of range(21, 60)) {
        await insist(request, url, topic, number);
        if (number === 30) await at.kill();
      }
      await shows(page, 60);
      await haveAll(others, 60, READERS);
      await expect(page.getByTestId("connections")).toHaveText("2");
      await expect(page.getByTestId("gaps")).toHaveText("0");
      expect((await other.stats()).topics[topic]?.subscribers, "readers of the node that is left").toBeGreaterThan(0);
    });

    test("R17, R20, R32: a rolling restart under load is noticed by nobody", async ({ page, request, site }) => {
      const { nodes, url } = site;
      const topic = uniqueTopic("rolling");
      await openLive(page, `${url}/testkit/sequence?topic=${topic}`);
      const others = await readers(url, topic);
      let [last, isOver] = [0, false];
      const refused: number[] = [];
      const publishing = (async () => {
        while (!isOver) refused.push(...(await insist(request, url, topic, (last += 1))));
      })();
      const statuses = new Set<number>();
      const loading = (async () => {
        while (!isOver) statuses.add((await request.get(`${url}/testkit/sequence?topic=${topic}`)).status());
      })();
      const more = (count: number) => {
        const before = last;
        return expect.poll(() => last, `${count} more to be published`).toBeGreaterThan(before + count);
      };
      for (const node of nodes) {
        await more(20);
        await node.restart();
      }
      await more(20);
      isOver = true;
      await Promise.all([publishing, loading]);
      await shows(page, last);
      await haveAll(others, last, READERS * 2 - 1);
      await expect(page.getByTestId("gaps")).toHaveText("0");
      expect([...statuses], "what a page's request is answered").toEqual([200]);
      // What was on its way to a process in the moment in which it stopped listening is not sent twice by nginx.
      expect(refused.length, `refused: ${refused.join(", ")}`).toBeLessThanOrEqual(nodes.length);
    });

    test("R12: a page says that the engine is gone, and that it is back, and has missed nothing", async ({ page, site }) => {
      const { engine: server, nodes, url } = site;
      const topic = uniqueTopic("upstream");
      const ready = () => Promise.all(nodes.map(async ({ url }) => (await fetch(`${url}/ready`)).status));
      await openLive(page, `${url}/testkit/sequence?topic=${topic}`);
      await publishNumbers(nodes[0], topic, 1, 3);
      await shows(page, 3);
      await server.kill();
      await expect(source(page)).toHaveAttribute("data-upstream", "down");
      await expect.poll(ready).toEqual([503, 503]);
      await expect(publishNumber(nodes[0], topic, 4)).rejects.toThrow(/found 503/);
      await expect(source(page)).toHaveAttribute("data-state", "open");
      await server.start();
      await expect(source(page)).not.toHaveAttribute("data-upstream");
      await expect.poll(ready).toEqual([200, 200]);
      for (const number of range(4, 9)) await publishNumber(nodes[number % 2] ?? nodes[0], topic, number);
      await shows(page, 9);
      await expect(page.getByTestId("connections")).toHaveText("1");
      await expect(page.getByTestId("gaps")).toHaveText("0");
    });

    test("R08, S15: publishers on both nodes have one order, and a revocation on one ends a stream of the other", async ({
      page,
      request,
      site: { nodes, url },
      allowConsole,
    }) => {
      allowConsole(/status of 40[13]/);
      const user = uniqueTopic("ann");
      const topic = `private/${user}`;
      await openLive(page, `${url}/testkit/session?user=${user}&ms=600000`);
      await connected(page);
      const { at, other } = await whereRead(nodes, topic);
      const published = await Promise.all(
        range(1, 80).map(async (number) => {
          const node = nodes[number % 2] ?? at;
          return { number, ...parsePosition(await publishNumber(node, topic, number)) };
        }),
      );
      expect(new Set(published.map(({ epoch }) => epoch)).size).toBe(1);
      expect(new Set(published.map(({ offset }) => offset)).size).toBe(80);
      const ordered = published.toSorted((a, b) => a.offset - b.offset).map(({ number }) => number);
      await expect.poll(() => sequence(page)).toEqual(ordered);
      await expect(page.getByTestId("gaps")).toHaveText("0");
      // As a database that both share would say it.
      for (const node of nodes) await request.post(`${node.url}/testkit/rule?user=${user}`);
      expect((await request.post(`${other.url}/testkit/revoke?user=${user}`)).status()).toBe(204);
      const isEnded = ({ topics }: { topics: Record<string, { subscribers: number }> }) =>
        (topics[topic]?.subscribers ?? 0) === 0;
      await at.expectStats(isEnded, "the stream to end within a second", 1_000);
      await expect(page.locator("#stream")).toHaveAttribute("data-state", "closed");
    });
  });
}
