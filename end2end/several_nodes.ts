/**
 * The showcase as two processes on one engine, behind nginx with the settings that the documentation recommends.
 */

import type { APIRequestContext } from "@playwright/test";
import { Engine, engineProgram, type EngineName } from "./engine.ts";
import { freePort } from "./free_port.ts";
import { expect, ShowcaseServer, test as base } from "./live.ts";
import { inFrontOfSeveral, Nginx, nginxProgram } from "./nginx.ts";

export type Nodes = readonly [ShowcaseServer, ShowcaseServer];

export interface SeveralNodes {
  engine: Engine;
  nodes: Nodes;
  /** The address of nginx. */
  url: string;
}

export const test = base.extend<{ engineName: EngineName; site: SeveralNodes }>({
  engineName: ["redis", { option: true }],

  site: async ({ engineName, servers, consoleGuard }, use) => {
    const engineFile = engineProgram(engineName);
    const nginxFile = nginxProgram();
    const missing = [engineFile ? "" : `${engineName}-server`, nginxFile ? "" : "nginx"].filter((name) => name !== "");
    // Continuous integration skips nothing.
    if (process.env["CI"]) expect(missing, "what must be installed").toEqual([]);
    test.skip(missing.length > 0, `no ${missing.join(" and no ")} on this machine`);
    const engine = await Engine.start(engineName, engineFile ?? "");
    // Feeds would publish as well, and are no part of this.
    const env = { LEPTOS_LIVE_BROKER: engine.url, LEPTOS_LIVE_FEEDS: "0" };
    const nodes = await Promise.all([ShowcaseServer.start({ env }), ShowcaseServer.start({ env })]);
    for (const node of nodes) servers.add(node);
    const port = await freePort();
    const nginx = new Nginx(nginxFile ?? "", port, inFrontOfSeveral(port, nodes));
    await nginx.start();
    await use({ engine, nodes, url: nginx.url });
    await consoleGuard.stop();
    await nginx.remove();
    for (const node of nodes) if (node.running) await node.stop();
    await engine.remove();
  },
});

/** The only node at which somebody reads a topic, and the other one. */
export async function whereRead(nodes: Nodes, topic: string): Promise<{ at: ShowcaseServer; other: ShowcaseServer }> {
  const counts = async () => {
    const stats = await Promise.all(nodes.map((node) => node.stats()));
    return stats.map(({ topics }) => topics[topic]?.subscribers ?? 0);
  };
  await expect.poll(async () => (await counts()).toSorted((a, b) => a - b), `one reader of ${topic}`).toEqual([0, 1]);
  const [one, two] = nodes;
  return (await counts())[0] === 1 ? { at: one, other: two } : { at: two, other: one };
}

/**
 * Publishes a number at an address until it is taken: one event, however often that is tried. Returns the statuses of the
 * attempts that were not.
 */
export async function insist(request: APIRequestContext, url: string, topic: string, number: number): Promise<number[]> {
  const refused: number[] = [];
  await expect(async () => {
    const answer = await request.post(`${url}/testkit/publish?topic=${topic}&event=n&key=${topic}-${number}`, {
      data: `<li data-seq="${number}">${number}</li>`,
      headers: { "content-type": "text/html" },
    });
    if (!answer.ok()) refused.push(answer.status());
    expect(answer.status()).toBe(200);
  }).toPass({ intervals: [20] });
  return refused;
}
