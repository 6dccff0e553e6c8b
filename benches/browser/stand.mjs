/**
 * What every measurement stands on: our two programs, and one origin in front of them for the pages of all libraries, as on
 * a real site, and as htmx needs it.
 */

import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer, request as ask } from "node:http";
import { createServer as createSocket } from "node:net";
import { once } from "node:events";
import { Chromium } from "./chromium.mjs";
import { peerPage } from "./peers.mjs";
import { PAGES } from "./scenarios.mjs";

export const OURS = "leptos-live";
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function freePort() {
  const socket = createSocket().listen(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  await once(socket, "close");
  return port;
}

// A signal would end this program without its last words, and leave the programs that it has started.
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

/** Starts a program and waits until something answers at its address. */
export async function start(program, programArguments, environment, url) {
  const child = spawn(program, programArguments, {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "ignore", "inherit"],
  });
  process.on("exit", () => child.kill("SIGKILL"));
  for (let attempt = 0; attempt < 400; attempt += 1) {
    if (await fetch(url).then(() => true, () => false)) return child;
    await sleep(50);
  }
  throw new Error(`${program}: nothing answers at ${url}`);
}

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
      response.setHeader("content-type", "text/html").end(peerPage(wanted.library, wanted.page, wanted));
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

export class Stand {
  #site;
  #source;
  #topics = 0;
  #chromium;
  #isShared;

  /** `isShared`: one Chromium for everything, where only the result counts and not the time. */
  static async start({ isShared }) {
    const stand = new Stand();
    const [sourcePort, showcasePort] = [await freePort(), await freePort()];
    stand.#isShared = isShared;
    stand.#site = await serve(showcasePort, sourcePort);
    stand.#source = `http://127.0.0.1:${sourcePort}`;
    const environment = { LEPTOS_LIVE_TESTKIT: "1", LEPTOS_SITE_ADDR: `127.0.0.1:${showcasePort}`, RUST_LOG: "warn" };
    await Promise.all([
      start(process.env.BENCH_SERVER, ["--port", String(sourcePort)], {}, `${stand.#source}/readers/none`),
      start(process.env.SHOWCASE_BIN, [], environment, `http://127.0.0.1:${showcasePort}/bench/one`),
    ]);
    return stand;
  }

  /** A number that the server tells. */
  async number(path) {
    return Number(await (await fetch(`${this.#source}${path}`)).text());
  }

  /** Sends text to the server. */
  async post(path, body) {
    const answer = await fetch(`${this.#source}${path}`, { method: "POST", body });
    if (!answer.ok) throw new Error(await answer.text());
    await answer.arrayBuffer();
  }

  /** Whether a library can say what a page is for. */
  can(library, page) {
    return library === OURS || (page in PAGES && peerPage(library, page, { sse: "", ws: "" }) !== undefined);
  }

  /**
   * Opens a library's page in a browser of its own, waits until it reads its topic, and hands it on. What a page does right
   * after its start is measured elsewhere.
   */
  async withPage({ library, page: name, sends = false, query = {}, before }, act) {
    const topic = `t${(this.#topics += 1)}`;
    const sse = `/sub/${topic}`;
    const ws = `${this.#site.replace("http", "ws")}/${sends ? "sink" : "ws"}/${topic}`;
    const parameters = new URLSearchParams({ library, page: name, sse, ws, ...query });
    const chromium = this.#chromium ?? (await Chromium.start(process.env.CHROMIUM));
    if (this.#isShared) this.#chromium = chromium;
    try {
      const page = await chromium.open(`${this.#site}${library === OURS ? `/bench/${name}` : "/"}?${parameters}`, before);
      try {
        for (let waited = 0; (await this.number(`/readers/${topic}`)) === 0; waited += 20) {
          if (waited > 20_000) throw new Error("it does not connect");
          await sleep(20);
        }
        return await act(page, topic);
      } finally {
        await page.close();
      }
    } finally {
      if (!this.#isShared) await chromium.stop();
    }
  }

  async stop() {
    await this.#chromium?.stop();
  }
}
