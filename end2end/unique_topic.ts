/** Topics that belong to one test alone, so that tests neither wait for nor disturb each other. */

import { randomBytes } from "node:crypto";

/** A topic that nobody has used before. */
export function uniqueTopic(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString("hex")}`;
}
