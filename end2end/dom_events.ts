/**
 * Records the DOM events that a page dispatches, with a summary of their details that can leave the page.
 *
 * Recording is installed for the document that is there and for each one that follows, so it may be asked for before
 * the first navigation (to see events during hydration) or at any later time.
 */

import type { Page } from "@playwright/test";

/** One dispatched event. */
export interface DomEvent {
  name: string;
  /** `tag#id` of the element it was dispatched on. */
  target: string;
  /** Plain values as they are, elements as `<tag#id>`, other objects two levels deep; long text is cut. */
  detail: unknown;
  cancelable: boolean;
}

declare global {
  interface Window {
    /** What `domEvents` has recorded in this document. */
    __events?: DomEvent[];
  }
}

/**
 * Records events with one of these `names` that are dispatched on elements matching `selector`. Returns a function
 * that reads what the current document has recorded, in the order of dispatch.
 */
export async function domEvents(page: Page, selector: string, names: string[]): Promise<() => Promise<DomEvent[]>> {
  await page.addInitScript(record, { selector, names });
  await page.evaluate(record, { selector, names });
  return () => page.evaluate(() => window.__events ?? []);
}

/** Runs in the page, so it has to hold everything that it uses. */
function record({ selector, names }: { selector: string; names: string[] }): void {
  const events = (window.__events ??= []);

  function named(element: Element): string {
    return element.localName + (element.id === "" ? "" : `#${element.id}`);
  }

  function summary(value: unknown, depth: number): unknown {
    if (typeof value === "string") return value.length > 200 ? `${value.slice(0, 200)}…` : value;
    if (typeof value === "function") return "[function]";
    if (typeof value === "bigint" || typeof value === "symbol") return String(value);
    if (typeof value !== "object" || value === null) return value;
    if (value instanceof Element) return `<${named(value)}>`;
    if (value instanceof MessageEvent) {
      return { type: value.type, data: summary(value.data, 0), lastEventId: value.lastEventId };
    }
    if (value instanceof Event) return { type: value.type };
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    if (depth === 0) return `[${value.constructor?.name ?? "object"}]`;
    if (Array.isArray(value)) return value.map((item) => summary(item, depth - 1));
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, summary(item, depth - 1)]));
  }

  for (const name of names) {
    // Captured at the window: events that do not bubble come by, and nobody below can stop them before.
    window.addEventListener(
      name,
      (event) => {
        const { target } = event;
        if (!(target instanceof Element) || !target.matches(selector)) return;
        const detail = event instanceof CustomEvent ? summary(event.detail, 2) : undefined;
        events.push({ name, target: named(target), detail, cancelable: event.cancelable });
      },
      true,
    );
  }
}
