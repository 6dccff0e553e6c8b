/**
 * Pages behind nginx with its default buffering, in a browser: what `server/tests/nginx.rs` of the library checks byte by
 * byte, and that pages go on when it is deployed anew or restarted.
 */

import { freePort } from "../free_port.ts";
import { expect, NETWORK_ERRORS, sequence, ShowcaseServer, test as base } from "../live.ts";
import { connected, nudge, openLive } from "../live_page.ts";
import { inFrontOfOne, Nginx, nginxProgram } from "../nginx.ts";
import { publishNumber, publishNumbers, range } from "../numbers.ts";
import { uniqueTopic } from "../unique_topic.ts";

const test = base.extend<{ site: { nginx: Nginx; behind: ShowcaseServer } }>({
  site: async ({ servers, consoleGuard }, use) => {
    const program = nginxProgram();
    test.skip(program === undefined, "no nginx on this machine: install it, or name it in NGINX");
    const port = await freePort();
    // nginx gives the server a Host of its own, so the server has to be told where pages find it.
    const env = { LEPTOS_LIVE_PUBLIC_ORIGINS: `http://127.0.0.1:${port}` };
    const behind = await ShowcaseServer.start({ env });
    servers.add(behind);
    const nginx = new Nginx(program ?? "", port, inFrontOfOne(port, behind.url));
    await nginx.start();
    await use({ nginx, behind });
    await consoleGuard.stop();
    await nginx.remove();
    await behind.stop();
  },
});

test("R20: behind nginx events come one by one, and a page goes on when it is reloaded and restarted", async ({
  page,
  context,
  site: { nginx, behind },
  allowConsole,
}) => {
  allowConsole(NETWORK_ERRORS);
  allowConsole(/status of 50[24]/);
  const topic = uniqueTopic("nginx");
  await openLive(page, `${nginx.url}/testkit/sequence?topic=${topic}`);
  // Each on its own: one that waited in a buffer for the next would never be seen.
  for (const number of range(1, 5)) {
    await publishNumber(behind, topic, number);
    await expect.poll(() => sequence(page)).toEqual(range(1, number));
  }
  const other = await context.newPage();
  await openLive(other, `${nginx.url}/testkit/components?topic=${topic}`);
  const say = async (text: string) => {
    await other.getByTestId("ws-form").locator("[name=text]").fill(text);
    await other.getByTestId("ws-form").locator("[name=text]").press("Enter");
    await expect(other.locator("#echo")).toContainText(`"text":"${text}"`);
  };
  await say("through nginx");

  nginx.reload();
  await expect(page.getByTestId("connections")).not.toHaveText("1");
  await publishNumbers(behind, topic, 6, 10);
  await expect.poll(() => sequence(page)).toEqual(range(1, 10));
  await connected(other);
  await say("after a reload");

  await nginx.stop();
  await publishNumbers(behind, topic, 11, 15);
  await expect(page.locator("#source")).toHaveAttribute("data-state", "reconnecting");
  await nginx.start();
  await nudge(page);
  await nudge(other);
  await expect.poll(() => sequence(page)).toEqual(range(1, 15));
  await connected(other);
  await say("after a restart");
  await expect(page.getByTestId("gaps")).toHaveText("0");
});
