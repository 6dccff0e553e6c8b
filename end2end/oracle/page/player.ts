/** Plays steps in the page, and says what it looks like after each. */

import type { Act, Step } from "../step.ts";
import type { Network } from "./network.ts";
import type { Time } from "./time.ts";

declare global {
  interface Window {
    network: Network;
    time: Time;
    /** What each step has led to: everything that is compared, as lines. */
    play: (steps: readonly Step[]) => Promise<string[][]>;
  }
}

/** To be run in the page after `installNetwork`; holds everything that it uses. */
export function installPlayer(): void {
  const USUAL_STREAM = "/oracle/stream";
  const USUAL_SOCKET = "/oracle/socket";
  /** More than what settles by itself takes. */
  const USUAL_MS = 60;
  const { log } = window.network;
  let title: string | undefined;

  const watched = new Map<Element, Set<FakeIntersectionObserver>>();
  /** Sees what the script brings into sight, and nothing else. */
  class FakeIntersectionObserver {
    readonly callback: IntersectionObserverCallback;
    readonly root: Element | Document | null;
    readonly rootMargin: string;
    readonly scrollMargin = "0px";
    readonly thresholds: readonly number[];

    constructor(callback: IntersectionObserverCallback, options: IntersectionObserverInit = {}) {
      this.callback = callback;
      this.root = options.root ?? null;
      this.rootMargin = options.rootMargin ?? "0px";
      this.thresholds = [options.threshold ?? 0].flat();
    }

    observe(element: Element): void {
      watched.set(element, (watched.get(element) ?? new Set()).add(this));
    }

    unobserve(element: Element): void {
      watched.get(element)?.delete(this);
    }

    disconnect(): void {
      for (const observers of watched.values()) observers.delete(this);
    }

    takeRecords(): IntersectionObserverEntry[] {
      return [];
    }

    see(target: Element): void {
      const entry = { target, isIntersecting: true, intersectionRatio: 1, time: performance.now() };
      // It lacks the rectangles, which nobody reads.
      this.callback([entry as IntersectionObserverEntry], this);
    }
  }

  const { scrollIntoView } = Element.prototype;
  Element.prototype.scrollIntoView = function (how?: boolean | ScrollIntoViewOptions) {
    const block = typeof how === "object" ? (how.block ?? "start") : how === false ? "end" : "start";
    log.push(`shown ${this.id === "" ? this.localName : `#${this.id}`} ${block}`);
  };
  Object.assign(document, {
    startViewTransition(update?: () => unknown) {
      log.push("view transition");
      const done = Promise.resolve().then(() => update?.());
      return { finished: done, ready: done, updateCallbackDone: done, skipTransition: () => {} };
    },
  });
  Math.random = () => 0.5;
  Object.assign(window, { IntersectionObserver: FakeIntersectionObserver });

  const fill = (element: HTMLElement, value: string | boolean | readonly string[]) => {
    if (element instanceof HTMLInputElement && typeof value === "boolean") element.checked = value;
    else if (element instanceof HTMLSelectElement) {
      for (const option of element.options) option.selected = [value].flat().includes(option.value);
    } else if ("value" in element) element.value = value;
    for (const type of ["input", "change"]) element.dispatchEvent(new Event(type, { bubbles: true }));
  };

  const perform = (section: string, act: Act): void | Promise<void> => {
    /** In the section, or else in the page; that it is gone is a result like any other. */
    const withElement = (selector: string, use: (element: HTMLElement) => void) => {
      const found =
        document.querySelector<HTMLElement>(`:is(${section}) :is(${selector})`) ??
        document.querySelector<HTMLElement>(selector);
      if (found === null) log.push(`no ${selector} on the page`);
      else use(found);
    };
    if ("say" in act) {
      window.network.say(act.on ?? USUAL_STREAM, act.say, act.data);
    } else if ("frame" in act) {
      window.network.frame(act.on ?? USUAL_SOCKET, act.frame);
    } else if ("fail" in act) {
      window.network.fail(act.fail, act.gaveUp);
    } else if ("close" in act) {
      window.network.close(act.close, act.code);
    } else if ("click" in act) {
      const { ctrlKey = false, shiftKey = false } = act;
      const init = { bubbles: true, cancelable: true, composed: true, ctrlKey, shiftKey };
      withElement(act.click, (element) => element.dispatchEvent(new MouseEvent("click", init)));
    } else if ("dispatch" in act) {
      const init = { bubbles: true, cancelable: true, detail: act.detail };
      withElement(act.dispatch, (element) => element.dispatchEvent(new CustomEvent(act.type, init)));
    } else if ("fill" in act) {
      withElement(act.fill, (element) => fill(element, act.value));
    } else if ("focus" in act) {
      withElement(act.focus, (element) => {
        element.focus();
        const { from, to } = act;
        if (from !== undefined && element instanceof HTMLInputElement) element.setSelectionRange(from, to ?? from);
      });
    } else if ("reveal" in act) {
      withElement(act.reveal, (element) => {
        scrollIntoView.call(element);
        window.dispatchEvent(new Event("scroll"));
        for (const observer of watched.get(element) ?? []) observer.see(element);
      });
    } else if ("remove" in act) {
      withElement(act.remove, (element) => element.remove());
    } else if ("release" in act) {
      return window.network.release();
    }
  };

  /** The time goes on; and a little more for the answers to what was asked meanwhile. */
  const pass = async (ms: number) => {
    const askedBefore = await window.network.idle();
    await window.time.pass(ms);
    const askedMeanwhile = await window.network.idle();
    if (askedBefore || askedMeanwhile) await window.time.pass(USUAL_MS);
  };
  const look = (section: string): string[] => {
    if (title !== undefined && document.title !== title) {
      log.push(`title ${JSON.stringify(document.title)}`);
      document.title = title;
    }
    // Whoever comes into sight later must not be there already.
    window.scrollTo(0, 0);
    return [...window.snapshot(section), ...log.splice(0)];
  };

  const take = async ({ section, acts, ms }: Step): Promise<string[]> => {
    const lines: string[] = [];
    for (const act of acts) {
      if ("run" in act) await pass(act.run);
      else if ("look" in act) {
        await window.network.idle();
        lines.push(`--- ${act.look}`, ...look(section), "--- then");
      } else await perform(section, act);
    }
    await pass(ms ?? USUAL_MS);
    return [...lines, ...look(section)];
  };

  window.play = async (steps) => {
    title ??= document.title;
    const results: string[][] = [];
    for (const step of steps) results.push(await take(step));
    return results;
  };
}
