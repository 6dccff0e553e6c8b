/**
 * A part of the page as text, without what may differ: the order of attributes, comments, classes of htmx, what a
 * component says about its state, and how the live attributes are spelled. Blanks are kept.
 */

declare global {
  interface Window {
    /** The elements that match, as lines of text. */
    snapshot: (selector: string) => string[];
  }
}

/** To be run in the page; holds everything that it uses. */
export function installSnapshot(): void {
  /** Written while the page lives, by us or by htmx. */
  const OWN = ["data-state", "data-position", "data-hx-revealed", "hx-ext"];

  const quoted = (text: string) => JSON.stringify(text);

  /** Both spellings as one: `hx-sse="connect:… swap:…"` is `sse-connect="…" sse-swap="…"`. */
  const spelled = (element: Element): Map<string, string> => {
    const attributes = new Map(
      [...element.attributes].filter(({ name }) => !OWN.includes(name)).map(({ name, value }) => [name, value]),
    );
    for (const prefix of ["", "data-"]) {
      const take = (name: string) => {
        const value = attributes.get(prefix + name);
        attributes.delete(prefix + name);
        return value;
      };
      const join = (name: string, words: (string | undefined)[]) => {
        // An element has both where the document was written in one and hydration adds the other.
        const text = [...new Set(words.flatMap((word) => word?.split(" ") ?? []))].join(" ");
        if (text !== "") attributes.set(prefix + name, text);
      };
      const [sseConnect, sseSwap, wsConnect, wsSend] = ["sse-connect", "sse-swap", "ws-connect", "ws-send"].map(take);
      const swaps = sseSwap?.split(",").map((name) => `swap:${name.trim()}`) ?? [];
      join("hx-sse", [take("hx-sse"), sseConnect && `connect:${sseConnect}`, ...swaps]);
      join("hx-ws", [take("hx-ws"), wsConnect && `connect:${wsConnect}`, wsSend === undefined ? undefined : "send"]);
    }
    // htmx has not learnt it before its version 4, see `pageFor`.
    const swap = attributes.get("hx-swap");
    if (swap !== undefined) attributes.set("hx-swap", swap.replace("outerMorph", "outerHTML"));
    const classes = (attributes.get("class") ?? "")
      .split(/\s+/)
      .filter((name) => name !== "" && !name.startsWith("htmx-"));
    if (classes.length > 0) attributes.set("class", classes.join(" "));
    else attributes.delete("class");
    return attributes;
  };

  /** What an element has become without its attributes telling. */
  const state = (element: Element): string[] => {
    const found: string[] = [];
    if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
      if (element.value !== element.defaultValue) found.push(`:value=${quoted(element.value)}`);
    }
    if (element instanceof HTMLInputElement && element.checked !== element.defaultChecked) {
      found.push(`:checked=${element.checked}`);
    }
    if (element instanceof HTMLOptionElement && element.selected) found.push(":selected");
    if (element === document.activeElement) {
      const field = element instanceof HTMLInputElement && element.type === "text" ? element : undefined;
      found.push(`:focus${field === undefined ? "" : `=${field.selectionStart}-${field.selectionEnd}`}`);
    }
    if (element.scrollTop !== 0) found.push(`:scrolled=${Math.round(element.scrollTop)}`);
    return found;
  };

  const describe = (element: Element, depth: number, lines: string[]): void => {
    const attributes = [...spelled(element)].sort(([a], [b]) => (a < b ? -1 : 1));
    const words = [...attributes.map(([name, value]) => `${name}=${quoted(value)}`), ...state(element)];
    const space = element.namespaceURI === "http://www.w3.org/1999/xhtml" ? "" : "svg:";
    lines.push(`${"  ".repeat(depth)}<${[space + element.localName, ...words].join(" ")}>`);
    let text = "";
    const flush = () => {
      if (text !== "") lines.push(`${"  ".repeat(depth + 1)}${quoted(text)}`);
      text = "";
    };
    const { childNodes } = element instanceof HTMLTemplateElement ? element.content : element;
    for (const child of childNodes) {
      // Comments are no content, and text around them is one.
      if (child instanceof Text) text += child.data;
      if (!(child instanceof Element)) continue;
      flush();
      describe(child, depth + 1, lines);
    }
    flush();
  };

  window.snapshot = (selector) => {
    const lines: string[] = [];
    for (const element of document.querySelectorAll(selector)) describe(element, 0, lines);
    return lines;
  };
}
