/**
 * A port that stays ours while nothing listens on it.
 *
 * Tests close a listener and open it again on the same port. A port given out by the kernel (`listen(0)`) could in the
 * meantime become the local end of any outgoing connection, so ports are taken from below the range that Linux, macOS
 * and Windows use for those, and each Playwright worker has a stretch of its own.
 */

import { createServer } from "node:net";

const FIRST = 20_000;
const PER_WORKER = 1_000;
const WORKERS = 12;

const worker = Number(process.env["TEST_PARALLEL_INDEX"] ?? 0) % WORKERS;
/** Starts anywhere in the stretch, so that two runs on one machine rarely meet. */
let next = Math.floor(Math.random() * PER_WORKER);

/** A port of 127.0.0.1 on which nobody listens; two calls in one worker get different ones until the stretch ends. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < PER_WORKER; tried += 1) {
    const port = FIRST + worker * PER_WORKER + (next % PER_WORKER);
    next += 1;
    if (await isFree(port)) return port;
  }
  throw new Error(`expected a free port among ${PER_WORKER} of 127.0.0.1, found none`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
