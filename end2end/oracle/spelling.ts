/** From the attributes of htmx 1.9, in which payloads are written here, to those of htmx 2's extensions. */

/**
 * The same markup for `htmx-ext-sse` and `htmx-ext-ws`. Their names stand where the server has written them, else on the
 * body; in both places, `htmx-ext-ws` would connect twice.
 */
export function inExtensionSpelling(html: string): string {
  const body = html.includes(" hx-ext=") ? "<body>" : '<body hx-ext="sse,ws">';
  return html
    .replace(/ (data-|)hx-sse="([^"]*)"/g, (_, prefix: string, value: string) => {
      const words = value.split(/\s+/).filter((word) => word !== "");
      const after = (keyword: string) =>
        words.filter((word) => word.startsWith(keyword)).map((word) => word.slice(keyword.length));
      return attribute(`${prefix}sse-connect`, after("connect:")) + attribute(`${prefix}sse-swap`, after("swap:"));
    })
    .replace(/ (data-|)hx-ws="connect:([^"]*)"/g, ' $1ws-connect="$2"')
    .replace(/ (data-|)hx-ws="send"/g, ' $1ws-send=""')
    .replace("<body>", body);
}

function attribute(name: string, values: string[]): string {
  return values.length === 0 ? "" : ` ${name}="${values.join(",")}"`;
}
