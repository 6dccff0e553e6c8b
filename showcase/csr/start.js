// Loads the site where it was built for the browser alone (feature `csr`).
import init from "/pkg/showcase.js";

await init({ module_or_path: "/pkg/showcase.wasm" });
