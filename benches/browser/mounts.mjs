/** What it costs to mount and unmount many subscribed components, and whether anything of them stays behind. */

import { median } from "./report.mjs";
import { OURS, sleep } from "./stand.mjs";

/** More than what a heap differs by after a collection. */
const MOST_GROWTH = 100_000;

async function state(page) {
  await sleep(200);
  for (let times = 0; times < 3; times += 1) await page.send("HeapProfiler.collectGarbage");
  const { usedSize } = await page.send("Runtime.getHeapUsage");
  const { metrics } = await page.send("Performance.getMetrics");
  const metric = (name) => metrics.find((metric) => metric.name === name).value;
  return { heap: usedSize, listeners: metric("JSEventListeners"), nodes: metric("Nodes") };
}

/** Milliseconds of main thread for mounting so many, and for unmounting them. */
async function cycle(page, count) {
  const press = async (id, expected) => {
    const before = await page.busy();
    await page.evaluate(`document.getElementById("${id}").click()`);
    await page.until(`document.getElementById("all").childElementCount === ${expected}`, id);
    await sleep(100);
    return ((await page.busy()) - before) * 1000;
  };
  await page.evaluate(`document.getElementById("count").value = ${count}`);
  return { mount: await press("mount", count), unmount: await press("unmount", 0) };
}

export async function mounts(stand, report, { quick, rounds }) {
  const sizes = quick ? [50, 100] : [250, 500, 1_000];
  report.title(`\`mounts\`: subscribed components mounted and unmounted; ms of main thread, ${rounds} rounds`);
  const rows = await report.attempt(OURS, () =>
    stand.withPage({ library: OURS, page: "mounts" }, async (page, topic) => {
      await sleep(500);
      // Once to fill what is filled once.
      await cycle(page, sizes.at(-1));
      const before = await state(page);
      const rows = [];
      for (const size of sizes) {
        const cycles = [];
        for (let round = 0; round < rounds; round += 1) cycles.push(await cycle(page, size));
        const [mount, unmount] = ["mount", "unmount"].map((what) => median(cycles.map((times) => times[what])));
        const each = (ms) => `${((ms * 1000) / size).toFixed(1)} µs`;
        rows.push([`${size}`, mount.toFixed(1), each(mount), unmount.toFixed(1), each(unmount)]);
      }
      const after = await state(page);
      const readers = await stand.number(`/readers/${topic}`);
      if (readers !== 1) throw new Error(`expected the one connection of the source, found ${readers}`);
      for (const what of ["listeners", "nodes"]) {
        if (after[what] > before[what]) throw new Error(`${what}: ${before[what]} before, ${after[what]} after`);
      }
      if (!quick && after.heap - before.heap > MOST_GROWTH) {
        throw new Error(`the heap has grown from ${before.heap} to ${after.heap} bytes`);
      }
      return rows;
    }),
  );
  report.table(["components", "mount", "each", "unmount", "each"], rows ?? []);
}
