/**
 * The page's time, in the script's hands from the first moment on, so that everybody has the same.
 *
 * Not Playwright's clock: its time passes by calls from outside, of which the script would need thousands.
 */

declare global {
  interface Window {
    time: Time;
  }
}

export interface Time {
  /** Lets so many milliseconds pass: runs what falls due, one after the other, with all that follows from each. */
  pass(ms: number): Promise<void>;
  /** Real time, for a moment: what needs no timer, such as promises and answers from the network, goes on. */
  turn(): Promise<void>;
}

/** To be run in the page before anything else; holds everything that it uses. */
export function installTime(): void {
  interface Timer {
    due: number;
    every: number | undefined;
    run: () => void;
  }
  const timers = new Map<number, Timer>();
  const began = 1_700_000_000_000;
  let now = 0;
  let last = 0;

  const add = (run: unknown, ms: unknown, rest: unknown[], repeats: boolean): number => {
    const delay = Math.max(Number(ms) || 0, 0);
    last += 1;
    timers.set(last, {
      due: now + delay,
      every: repeats ? Math.max(delay, 1) : undefined,
      run: () => typeof run === "function" && Reflect.apply(run, window, rest),
    });
    return last;
  };
  const first = (until: number): [number, Timer] | undefined => {
    let found: [number, Timer] | undefined;
    // Of those that are due at the same time, the one that was set first.
    for (const entry of timers) if (entry[1].due <= until && (!found || entry[1].due < found[1].due)) found = entry;
    return found;
  };
  const turn = () =>
    new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(0);
    });

  Object.assign(window, {
    setTimeout: (run: unknown, ms?: unknown, ...rest: unknown[]) => add(run, ms, rest, false),
    setInterval: (run: unknown, ms?: unknown, ...rest: unknown[]) => add(run, ms, rest, true),
    requestAnimationFrame: (run: FrameRequestCallback) => add(() => run(now), 16, [], false),
    clearTimeout: (id: number) => timers.delete(id),
    clearInterval: (id: number) => timers.delete(id),
    cancelAnimationFrame: (id: number) => timers.delete(id),
  });
  Date.now = () => began + now;
  performance.now = () => now;
  window.time = {
    turn,
    async pass(ms) {
      const until = now + ms;
      for (let next = first(until); next !== undefined; next = first(until)) {
        const [id, timer] = next;
        now = Math.max(now, timer.due);
        if (timer.every === undefined) timers.delete(id);
        else timer.due += timer.every;
        try {
          timer.run();
        } catch (error) {
          reportError(error);
        }
        await turn();
      }
      now = until;
    },
  };
}
