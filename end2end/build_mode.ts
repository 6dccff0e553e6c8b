/**
 * Which build of the showcase is under test. `cargo xtask test` names it in `SHOWCASE_MODE`.
 *
 * The `csr` build is made for the browser alone: the server sends one empty page and renders nothing, so whatever is
 * said about server-rendered markup does not hold there.
 */

/** Whether the pages are built in the browser. */
export const isCsr = process.env["SHOWCASE_MODE"] === "csr";

/** Whether this is what developers run, and visitors do not get. */
export const isDev = process.env["SHOWCASE_MODE"] === "dev";

/** Whether this is what visitors get, and developers do not run. */
export const isRelease = process.env["SHOWCASE_MODE"] === "release";

/** What visitors get has no engines behind it, on which several processes are one site. */
const ON_ENGINES = ["nodes.spec.ts"];

/**
 * Specs that run on what visitors get alone, because no build can change what they judge: markup and styles, what a page
 * holds on to, the suite's own fault proxy, and htmx's cases, in which nothing is rendered.
 */
const OF_VISITORS = ["accessibility.spec.ts", "fault_proxy.spec.ts", "memory.spec.ts", "parity/*.spec.ts"];

/** The files of specs that this build is not asked for. */
export const NOT_ASKED = (isDev || isCsr ? OF_VISITORS : ON_ENGINES).map((file) => `**/${file}`);

/** For `test.skip(isCsr, NOT_RENDERED)`. */
export const NOT_RENDERED = "the csr build renders nothing on the server";
