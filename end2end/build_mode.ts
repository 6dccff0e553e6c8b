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

/** For `test.skip(isCsr, NOT_RENDERED)`. */
export const NOT_RENDERED = "the csr build renders nothing on the server";
