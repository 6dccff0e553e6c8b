/**
 * How much a page holds: its JavaScript heap after collection, its wasm memory, and the browser's own counts of nodes
 * and listeners.
 */

import type { CDPSession, Page } from "@playwright/test";

export interface Held {
  /** Bytes of the JavaScript heap that are in use after garbage was collected. */
  heap: number;
  /** Bytes of the wasm memory; it never shrinks. */
  wasm: number;
  nodes: number;
  listeners: number;
}

declare global {
  interface Window {
    /** The memory of the page's program. */
    __wasmMemory?: WebAssembly.Memory;
  }
}

export class MemoryProbe {
  readonly #page: Page;
  readonly #session: CDPSession;

  private constructor(page: Page, session: CDPSession) {
    this.#page = page;
    this.#session = session;
  }

  /** To be called before the page is loaded. */
  static async on(page: Page): Promise<MemoryProbe> {
    await page.addInitScript(keepMemory);
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable");
    await session.send("HeapProfiler.enable");
    return new MemoryProbe(page, session);
  }

  async held(): Promise<Held> {
    // What one collection finalises, the next one frees.
    for (let round = 0; round < 3; round += 1) await this.#session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await this.#session.send("Runtime.getHeapUsage");
    const { metrics } = await this.#session.send("Performance.getMetrics");
    const metric = (name: string) => metrics.find((each) => each.name === name)?.value ?? Number.NaN;
    const wasm = await this.#page.evaluate(() => window.__wasmMemory?.buffer.byteLength ?? 0);
    if (wasm === 0) throw new Error("expected the page's wasm memory, found none");
    return { heap: usedSize, wasm, nodes: metric("Nodes"), listeners: metric("JSEventListeners") };
  }
}

/** Runs in the page: catches the memory that the program exports when it is instantiated. */
function keepMemory(): void {
  const keep = (instance: WebAssembly.Instance) => {
    const { memory } = instance.exports;
    if (memory instanceof WebAssembly.Memory) window.__wasmMemory = memory;
  };
  const { instantiate, instantiateStreaming } = WebAssembly;
  Object.assign(WebAssembly, {
    instantiate: async (...given: Parameters<typeof instantiate>) => {
      const made = await instantiate(...given);
      keep("instance" in made ? (made.instance as WebAssembly.Instance) : made);
      return made;
    },
    instantiateStreaming: async (...given: Parameters<typeof instantiateStreaming>) => {
      const made = await instantiateStreaming(...given);
      keep(made.instance);
      return made;
    },
  });
}
