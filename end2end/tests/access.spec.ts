/** Who may read what, as a page meets it: by status when it connects, and by the end of its stream while it is connected. */

import type { Page } from "@playwright/test";
import { expect, test } from "../live.ts";
import { uniqueTopic } from "../unique_topic.ts";

interface Answer {
  status: number;
  text: string;
}

/** Opens a user's own stream from the page; resolves when it has ended, or when `until` is in it. */
async function read(page: Page, user: string, until = ""): Promise<Answer> {
  return page.evaluate(
    async ({ user, until }) => {
      const answer = await fetch(`/testkit/private/${user}`);
      if (!answer.ok || answer.body === null) return { status: answer.status, text: await answer.text() };
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (;;) {
        const { done, value } = await reader.read();
        text += value ?? "";
        if (done) return { status: answer.status, text };
        if (until !== "" && text.includes(until)) {
          await reader.cancel();
          return { status: answer.status, text };
        }
      }
    },
    { user, until },
  );
}

const isRefusal = /40[13]/;

test("s12: a user reads what is theirs, and nobody else does", async ({ page, context, server, allowConsole }) => {
  allowConsole(isRefusal);
  const [ann, bob] = [uniqueTopic("ann"), uniqueTopic("bob")];
  await page.goto(`${server.url}/testkit/blank`);
  expect((await read(page, ann)).status).toBe(401);
  await context.addCookies([{ name: "testkit-user", value: ann, url: server.url }]);
  expect((await read(page, bob)).status).toBe(403);

  const reading = read(page, ann, "for ann");
  await expect.poll(async () => (await server.stats()).topics[`private/${ann}`]?.subscribers).toBe(1);
  await server.publish(`private/${ann}`, "message", "for ann");
  const answer = await reading;
  expect(answer.status).toBe(200);
  expect(answer.text).toContain("data: for ann");
});

test("s15: a revoked user is out within a second", async ({ page, context, server, request, allowConsole }) => {
  allowConsole(isRefusal);
  const eve = uniqueTopic("eve");
  await page.goto(`${server.url}/testkit/blank`);
  await context.addCookies([{ name: "testkit-user", value: eve, url: server.url }]);
  const reading = read(page, eve);
  await expect.poll(async () => (await server.stats()).topics[`private/${eve}`]?.subscribers).toBe(1);
  const began = Date.now();
  expect((await request.post(`${server.url}/testkit/revoke?user=${eve}`)).status()).toBe(204);
  await reading;
  expect(Date.now() - began).toBeLessThan(1000);
  expect((await read(page, eve)).status).toBe(403);
  expect((await request.post(`${server.url}/testkit/revoke?user=${eve}&told=unauthenticated`)).status()).toBe(204);
  expect((await read(page, eve)).status).toBe(401);
  expect((await request.post(`${server.url}/testkit/restore?user=${eve}`)).status()).toBe(204);
  const again = read(page, eve, "ll:heartbeat");
  expect((await again).status).toBe(200);
});

test("s16: a stream ends with its session", async ({ page, context, server, allowConsole }) => {
  allowConsole(isRefusal);
  const eve = uniqueTopic("eve");
  await page.goto(`${server.url}/testkit/blank`);
  const expires = Date.now() + 1000;
  await context.addCookies([
    { name: "testkit-user", value: eve, url: server.url },
    { name: "testkit-expires", value: String(expires), url: server.url },
  ]);
  expect((await read(page, eve)).status).toBe(200);
  expect(Date.now()).toBeGreaterThanOrEqual(expires);
  expect((await read(page, eve)).status).toBe(401);
});

test("s04: a visitor's cookie posts nothing from elsewhere", async ({ server, request }) => {
  const post = (headers: Record<string, string>) =>
    request.post(`${server.url}/testkit/publish?topic=${uniqueTopic("posted")}`, { headers, data: "x" });
  const cookie = { cookie: "testkit-user=ann" };
  expect((await post({})).status()).toBe(200);
  expect((await post(cookie)).status()).toBe(403);
  expect((await post({ ...cookie, origin: "https://evil.example" })).status()).toBe(403);
  expect((await post({ ...cookie, origin: server.url })).status()).toBe(200);
});

test.describe("limits by environment", () => {
  test.use({ serverEnv: { LEPTOS_LIVE_MAX_CONNECTIONS_PER_CLIENT: "2" } });

  test("s22: a client that wants too many connections is refused", async ({ page, ownServer, allowConsole }) => {
    allowConsole(/429/);
    await page.goto(`${ownServer.url}/testkit/blank`);
    const statuses = await page.evaluate(async () => {
      const open = () => fetch("/testkit/sse?topic=a");
      const answers = [await open(), await open(), await open()];
      return answers.map((answer) => [answer.status, answer.headers.get("retry-after")]);
    });
    expect(statuses).toEqual([
      [200, null],
      [200, null],
      [429, "5"],
    ]);
    expect((await ownServer.stats()).refused["too_many_connections_of_address"]).toBe(1);
  });
});
