/**
 * Runs every library through every scenario, round after round, and prints how long the main thread was busy.
 *
 * Told by its environment where things are: `CHROMIUM`, `BENCH_SERVER` (its program), `SHOWCASE_BIN` and the variables that
 * it is started with; see README.md beside this file. Options: `--rounds N`, `--quick` (a hundredth of the events,
 * one round: only whether everything works and is right), `--only NAME[,NAME]`, `--libraries NAME[,NAME]`, `--results FILE`
 * (what `cargo xtask bench` reads: how many measurements were right and wrong, and the tables for BENCHMARKS.md).
 */

import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createServer, request as ask } from "node:http";
import { createServer as createSocket } from "node:net";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { Chromium } from "./chromium.mjs";
import { PEERS, peerPage } from "./peers.mjs";
import { SCENARIOS, script } from "./scenarios.mjs";

const OURS = "leptos-live";
/** Included in the time, because some put work off. */
const AFTERMATH_MS = 500;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    libraries: { type: "string" },
    results: { type: "string" },
  },
});
const rounds = options.quick ? 1 : Number(options.rounds);
const share = options.quick ? 100 : 1;
const chosen = (list, all) => (list === undefined ? all : list.split(","));
const libraries = chosen(options.libraries, ["floor", OURS, ...PEERS.slice(1)]);
const names = chosen(options.only, SCENARIOS.map(({ name }) => name));
const scenarios = SCENARIOS.filter(({ name }) => names.includes(name));

async function freePort() {
  const socket = createSocket().listen(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  await once(socket, "close");
  return port;
}

/** Starts a program and waits until something answers at its address. */
async function start(program, programArguments, environment, url) {
  const child = spawn(program, programArguments, {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "ignore", "inherit"],
  });
  process.on("exit", () => child.kill("SIGKILL"));
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (await fetch(url).then(() => true, () => false)) return child;
    await sleep(50);
  }
  throw new Error(`${program}: nothing answers at ${url}`);
}

/**
 * One origin for everything, as on a real site, and as htmx needs it: the pages of the others, and what the showcase and
 * the event server have.
 */
async function serve(showcasePort, sourcePort) {
  const upstream = (path) => (/^\/(bench|pkg)\//.test(path) ? showcasePort : sourcePort);
  const forward = (request) => {
    const { method, url: path, headers } = request;
    return ask({ host: "127.0.0.1", port: upstream(path), method, path, headers });
  };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://localhost");
    if (url.pathname === "/") {
      const wanted = Object.fromEntries(url.searchParams);
      const scenario = SCENARIOS.find(({ name }) => name === wanted.scenario);
      response.setHeader("content-type", "text/html").end(peerPage(wanted.library, scenario, wanted));
    } else if (url.pathname.startsWith("/node_modules/")) {
      response.setHeader("content-type", "text/javascript").end(await readFile(new URL(`.${url.pathname}`, import.meta.url)));
    } else {
      const passedOn = forward(request);
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
  server.on("upgrade", (request, socket) => {
    const passedOn = forward(request).end();
    passedOn.on("upgrade", (answer, upgraded) => {
      const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headers.join("")}\r\n`);
      for (const [from, to] of [[socket, upgraded], [upgraded, socket]]) {
        from.setNoDelay();
        from.pipe(to);
        from.on("error", () => to.destroy());
        from.on("close", () => to.destroy());
      }
    });
    passedOn.on("response", () => socket.destroy());
    passedOn.on("error", () => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${server.address().port}`;
}

const sourcePort = await freePort();
const showcasePort = await freePort();
const site = await serve(showcasePort, sourcePort);
const source = `http://127.0.0.1:${sourcePort}`;
await start(process.env.BENCH_SERVER, ["--port", String(sourcePort)], {}, `${source}/readers/none`);
await start(
  process.env.SHOWCASE_BIN,
  [],
  { LEPTOS_LIVE_TESTKIT: "1", LEPTOS_SITE_ADDR: `127.0.0.1:${showcasePort}`, RUST_LOG: "warn" },
  `http://127.0.0.1:${showcasePort}/bench/one`,
);

const number = async (path) => Number(await (await fetch(`${source}${path}`)).text());
let topics = 0;

/** One library, one scenario: seconds of main thread, or `undefined` where the library cannot. */
async function measure(library, scenario, events) {
  const topic = `t${(topics += 1)}`;
  const sse = `/sub/${topic}`;
  const ws = `${site.replace("http", "ws")}/${scenario.sends ? "sink" : "ws"}/${topic}`;
  const query = new URLSearchParams({ library, scenario: scenario.name, sse, ws });
  if (library !== OURS && peerPage(library, scenario, { sse, ws }) === undefined) return undefined;
  const chromium = await Chromium.start(process.env.CHROMIUM);
  try {
    const url = `${site}${library === OURS ? `/bench/${scenario.name}` : "/"}?${query}`;
    const page = await chromium.open(url);
    for (let waited = 0; (await number(`/readers/${topic}`)) === 0; waited += 20) {
      if (waited > 20_000) throw new Error("it does not connect");
      await sleep(20);
    }
    // What a page does right after its start is measured elsewhere.
    await sleep(AFTERMATH_MS);
    const before = await page.busy();
    if (scenario.sends) {
      await page.evaluate(`(async () => {
        const [n, text] = f.elements;
        for (let sent = 0; sent < ${events}; sent += 1) {
          n.value = String(sent);
          text.value = "message " + sent;
          f.requestSubmit();
          if (sent % 20 === 19) await new Promise((resolve) => setTimeout(resolve));
        }
      })()`);
      for (let waited = 0; (await number(`/published/${topic}`)) < events; waited += 20) {
        if (waited > 60_000) throw new Error(`${await number(`/published/${topic}`)} of ${events} messages came`);
        await sleep(20);
      }
    } else {
      const body = script(scenario, library, events);
      const answer = await fetch(`${source}/script/${topic}`, { method: "POST", body });
      if (!answer.ok) throw new Error(await answer.text());
      await page.until(scenario.done(events - 1), "the last event");
    }
    await sleep(AFTERMATH_MS);
    const busy = (await page.busy()) - before;
    if (!(await page.evaluate(scenario.isRight(events)))) throw new Error("the DOM is not what it has to be");
    return busy;
  } finally {
    await chromium.stop();
  }
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const counts = { passed: 0, failed: 0 };
const tables = [];

for (const scenario of scenarios) {
  const events = Math.max(scenario.events / share, 200);
  console.log(`\n${scenario.name}: ${events} ${scenario.title}; ms of main thread per 1,000, ${rounds} rounds`);
  const times = new Map(libraries.map((library) => [library, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const library of libraries) {
      try {
        const busy = await measure(library, scenario, events);
        if (busy === undefined) continue;
        counts.passed += 1;
        times.get(library).push((busy * 1e6) / events);
      } catch (error) {
        counts.failed += 1;
        console.log(`FAILED: ${library}: ${error.message}`);
      }
    }
  }
  const floor = times.get("floor");
  const ours = times.get(OURS);
  const rows = [];
  for (const [library, found] of times) {
    if (found.length === 0) continue;
    const middle = median(found);
    const ratio = floor?.length ? `${(middle / median(floor)).toFixed(2)} x` : "";
    const spread = `${Math.min(...found).toFixed(1)} to ${Math.max(...found).toFixed(1)}`;
    const beside = ours?.length && library !== OURS ? `${(median(ours) / middle).toFixed(2)} x` : "";
    console.log(`  ${library.padEnd(12)} ${middle.toFixed(1).padStart(8)}  ${ratio.padStart(8)}   (${spread})`);
    rows.push(`| ${library} | ${middle.toFixed(1)} | ${spread} | ${ratio} | ${beside} |`);
  }
  tables.push(
    `\`${scenario.name}\`: ${events} ${scenario.title}\n`,
    "| | ms of main thread per 1,000 | spread | to the floor | ours to it |\n| --- | ---: | ---: | ---: | ---: |",
    ...rows,
    "",
  );
}
if (options.results !== undefined) {
  await writeFile(options.results, JSON.stringify({ ...counts, tables: tables.join("\n") }));
}
process.exit(counts.failed === 0 ? 0 : 1);
