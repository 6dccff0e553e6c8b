/**
 * The numbers that `/testkit/sequence` shows: published in order, so that a gap, a double or a wrong order can be read
 * from the page.
 */

import type { ShowcaseServer } from "./server.ts";

/** `first`, `first + 1` … `last`; nothing if there are none. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

/** Publishes one number; returns its position. */
export function publishNumber(server: ShowcaseServer, topic: string, number: number): Promise<string> {
  return server.publish(topic, "n", `<li data-seq="${number}">${number}</li>`);
}

/** Publishes the numbers from `first` to `last`, one after the other. */
export async function publishNumbers(
  server: ShowcaseServer,
  topic: string,
  first: number,
  last: number,
): Promise<void> {
  for (const number of range(first, last)) await publishNumber(server, topic, number);
}
