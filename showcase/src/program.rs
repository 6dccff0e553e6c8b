//! The page's program: what Leptos' `HydrationScripts` writes, but for the preload of the wasm.
//!
//! A source is live before its program has come. A browser that is told of the wasm at the top of the page compiles and runs it at
//! the moment in which the stream is opened, and shows the first event only after that; one that learns of it from the
//! script shows the event first.

use leptos::nonce::use_nonce;
use leptos::prelude::*;

/// Fetches the program and lets it take over the page.
#[component]
pub fn Program(
    /// Where the program is.
    options: LeptosOptions,
) -> impl IntoView {
    let (folder, name) = (&options.site_pkg_dir, &options.output_name);
    // Builds that are not told the name leave the file as wasm-bindgen has called it.
    let bound = option_env!("LEPTOS_OUTPUT_NAME").map_or("_bg", |_| "");
    let script = format!(
        "import('/{folder}/{name}.js').then((program) => program
            .default({{ module_or_path: '/{folder}/{name}{bound}.wasm' }})
            .then(() => program.hydrate()))"
    );
    let nonce = use_nonce();
    view! {
        <link rel="modulepreload" href=format!("/{folder}/{name}.js") nonce=nonce.clone()/>
        <script type="module" nonce=nonce>{script}</script>
    }
}
