/**
 * How soon a page is live: from the start of its navigation to the first event that it shows, for every library, on
 * loopback and on a slow phone (processor 4 × slower, 1.6 Mbit/s, 150 ms).
 *
 * Events are published all along, so that the first one comes as soon as the page listens. The environment and the options
 * are those of `main.mjs`; its scenarios are `loopback` and `slow-phone`.
 */

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { Agent, createServer, request as ask } from "node:http";
import { gzipSync } from "node:zlib";
import { asked } from "./arguments.mjs";
import { Chromium } from "./chromium.mjs";
import { peerPage } from "./peers.mjs";
import { median, ratio, Report } from "./report.mjs";
import { SCENARIOS, script } from "./scenarios.mjs";
import { freePort, OURS, sleep, start } from "./stand.mjs";

const SCENARIO = SCENARIOS.find(({ name }) => name === "one");
const EVERY_MS = 5;
const CONDITIONS = [
  { name: "loopback", title: "on the machine itself" },
  {
    name: "slow-phone",
    title: "processor 4 times slower, 1.6 Mbit/s, 150 ms",
    processor: 4,
    network: { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 200_000 },
  },
];
const options = asked(CONDITIONS.map(({ name }) => name), 7);

/** A quick run sees each library once; a slow phone then makes no difference to the others. */
function librariesOn({ processor }) {
  return options.libraries.filter((library) => !(options.quick && processor) || library === OURS);
}

/** One origin for all, compressed as a real site is; streams are passed on as they come. */
async function serve(showcasePort, sourcePort) {
  const packed = new Map();
  const agent = new Agent({ keepAlive: true });
  const send = (response, type, body) =>
    response.writeHead(200, { "content-type": type, "content-encoding": "gzip", "cache-control": "no-store" }).end(body);
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://localhost");
    if (url.pathname === "/") {
      const wanted = Object.fromEntries(url.searchParams);
      send(response, "text/html", gzipSync(peerPage(wanted.library, SCENARIO.name, wanted)));
    } else if (url.pathname.startsWith("/node_modules/")) {
      if (!packed.has(request.url)) packed.set(request.url, gzipSync(await readFile(new URL(`.${url.pathname}`, import.meta.url))));
      send(response, "text/javascript", packed.get(request.url));
    } else if (url.pathname.startsWith("/pkg/")) {
      if (!packed.has(request.url)) {
        const answer = await fetch(`http://127.0.0.1:${showcasePort}${request.url}`);
        packed.set(request.url, [answer.headers.get("content-type"), gzipSync(Buffer.from(await answer.arrayBuffer()))]);
      }
      send(response, ...packed.get(request.url));
    } else {
      const port = url.pathname.startsWith("/bench/") ? showcasePort : sourcePort;
      const { method, headers } = request;
      const passedOn = ask({ host: "127.0.0.1", port, method, path: request.url, headers, agent });
      passedOn.on("response", (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
        response.on("close", () => answer.destroy());
      });
      passedOn.on("error", () => response.destroy());
      request.pipe(passedOn);
    }
  });
  server.on("connection", (socket) => socket.setNoDelay());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${server.address().port}`;
}

/** Runs before anything else in a page. */
const WATCH = `new MutationObserver(() => {
  if (window.__first === undefined && document.querySelector("#t > b")) window.__first = performance.now();
}).observe(document, { childList: true, subtree: true })`;

/** Publishes a number every few milliseconds, one after the other; returns how to end that, which tells the last one. */
function publish(source, topic, library) {
  const lines = script(SCENARIO, library, 60_000).split("\n");
  let number = -1;
  let isOver = false;
  const publishing = (async () => {
    while (!isOver && number + 1 < lines.length) {
      const body = lines[number + 1].split("\t")[1];
      await fetch(`${source}/pub/${topic}`, { method: "POST", body });
      number += 1;
      await sleep(EVERY_MS);
    }
  })();
  return async () => {
    isOver = true;
    await publishing;
    return number;
  };
}

let topics = 0;

async function measure(site, source, library, { processor, network }) {
  const topic = `first${(topics += 1)}`;
  const query = new URLSearchParams({ library, sse: `/sub/${topic}`, ws: "" });
  const chromium = await Chromium.start(process.env.CHROMIUM);
  const end = publish(source, topic, library);
  try {
    const page = await chromium.open("about:blank");
    await page.send("Page.enable");
    await page.send("Page.addScriptToEvaluateOnNewDocument", { source: WATCH });
    if (processor) await page.send("Emulation.setCPUThrottlingRate", { rate: processor });
    if (network) {
      // Without this domain the conditions are taken and not kept.
      await page.send("Network.enable");
      await page.send("Network.emulateNetworkConditions", network);
    }
    await page.send("Page.navigate", { url: `${site}${library === OURS ? "/bench/one" : "/"}?${query}` });
    await page.until("window.__first !== undefined", "the first event");
    const first = await page.evaluate("window.__first");
    if (library === OURS) await page.until('document.documentElement.hasAttribute("data-hydrated")', "hydration");
    await sleep(100);
    const last = await end();
    await page.until(SCENARIO.done(last), "the last event");
    if (!(await page.evaluate(SCENARIO.isRight()))) throw new Error("the DOM is not what it has to be");
    return first;
  } finally {
    await end();
    await chromium.stop();
  }
}

const [sourcePort, showcasePort] = [await freePort(), await freePort()];
const source = `http://127.0.0.1:${sourcePort}`;
const site = await serve(showcasePort, sourcePort);
await start(process.env.BENCH_SERVER, ["--port", String(sourcePort)], {}, `${source}/readers/none`);
await start(
  process.env.SHOWCASE_BIN,
  [],
  { LEPTOS_LIVE_TESTKIT: "1", LEPTOS_SITE_ADDR: `127.0.0.1:${showcasePort}`, RUST_LOG: "warn" },
  `http://127.0.0.1:${showcasePort}/bench/one`,
);
const report = Report.begin();
for (const condition of CONDITIONS.filter(({ name }) => options.names.includes(name))) {
  const times = new Map(librariesOn(condition).map((library) => [library, []]));
  for (let round = 0; round < options.rounds; round += 1) {
    for (const [library, found] of times) {
      const first = await report.attempt(library, () => measure(site, source, library, condition));
      if (first !== undefined) found.push(first);
    }
  }
  const { name, title } = condition;
  report.title(`\`${name}\`: ${title}; ms from the start of the navigation to the first event, ${options.rounds} rounds`);
  const middle = (library) => (times.get(library)?.length ? median(times.get(library)) : undefined);
  const rows = [...times]
    .filter(([, found]) => found.length > 0)
    .map(([library, found]) => {
      const spread = `${Math.min(...found).toFixed(0)} to ${Math.max(...found).toFixed(0)}`;
      const ours = library === OURS ? "" : ratio(middle(OURS), middle(library));
      return [library, middle(library).toFixed(0), spread, ratio(middle(library), middle("floor")), ours];
    });
  report.table(["", "median", "spread", "to the floor", "ours to it"], rows);
}
await report.end(options.results);
