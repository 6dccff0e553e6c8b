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

/** For `test.skip(isCsr, NOT_RENDERED)`. */
export const NOT_RENDERED = "the csr build renders nothing on the server";

/** Whether the server has the engines on which several processes are one site. */
export const hasEngines = process.env["SHOWCASE_MODE"] !== "release";

/** For `test.skip(!hasEngines, NO_ENGINES)`. */
export const NO_ENGINES = "the release build has no engines: several processes are tested on the dev site";
