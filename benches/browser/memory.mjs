/** Whether anything of an event stays behind: the memory of the page after many, and after many more. */

import { script, SCENARIOS } from "./scenarios.mjs";
import { OURS, sleep } from "./stand.mjs";

/** Lets the memory of wasm be seen from outside. */
const SHOW_WASM = `for (const name of ["instantiate", "instantiateStreaming"]) {
  const original = WebAssembly[name];
  WebAssembly[name] = async (...given) => {
    const made = await original.apply(WebAssembly, given);
    globalThis.wasmMemory = (made.instance ?? made).exports.memory;
    return made;
  };
}`;

/** More than what a heap differs by after a collection. */
const MOST_GROWTH = 100_000;

/**
 * Holds the page until what was sent meanwhile has come, so that the browser hands it over in one go. What wasm has taken is the
 * most that it ever needed at once: a longer burst than this first one cannot come, and nothing may be taken after it.
 */
const HOLD = "for (const end = performance.now() + 1_000; performance.now() < end; );";

const kB = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;

async function used(page) {
  await sleep(200);
  for (let times = 0; times < 3; times += 1) await page.send("HeapProfiler.collectGarbage");
  const { usedSize } = await page.send("Runtime.getHeapUsage");
  return { heap: usedSize, wasm: await page.evaluate("globalThis.wasmMemory?.buffer.byteLength ?? 0") };
}

export async function memory(stand, report, { quick, libraries }) {
  const [warm, all] = quick ? [200, 1_000] : [20_000, 100_000];
  report.title(`\`memory\`: what is in use, collected, after ${warm} events and after ${all}`);
  const rows = [];
  for (const library of libraries.filter((library) => ["floor", OURS].includes(library))) {
    for (const scenario of SCENARIOS.filter(({ name }) => ["one", "many", "ws-in"].includes(name))) {
      const what = `${library}, \`${scenario.name}\``;
      const row = await report.attempt(what, () =>
        stand.withPage({ library, page: scenario.name, before: SHOW_WASM }, async (page, topic) => {
          const run = async (events, meanwhile) => {
            await Promise.all([stand.post(`/script/${topic}`, script(scenario, library, events)), meanwhile]);
            await page.until(scenario.done(events - 1), "the last event");
          };
          await run(warm, quick ? undefined : page.evaluate(HOLD));
          const first = await used(page);
          for (let done = warm; done < all; done += warm) {
            // Otherwise the last of the run before is taken for that of this one.
            await page.evaluate("for (const shown of document.querySelectorAll('#root i, #root b')) shown.remove()");
            await run(warm);
          }
          const last = await used(page);
          const growth = last.heap - first.heap;
          if (!quick && growth > MOST_GROWTH) throw new Error(`the heap has grown by ${kB(growth)}`);
          // In a quick run the first burst is not the longest.
          if (!quick && last.wasm > first.wasm) throw new Error(`wasm has grown by ${kB(last.wasm - first.wasm)}`);
          return [what, kB(first.heap), kB(last.heap), kB(first.wasm), kB(last.wasm)];
        }),
      );
      if (row !== undefined) rows.push(row);
    }
  }
  report.table(["", "heap before", "heap after", "wasm before", "wasm after"], rows);
}
