/** What the script is made of: steps, and in each of them what is done to the page. */

/** Something that is done to the page. Selectors are looked for in the step's section first, then in the page. */
export type Act =
  /** An event of a stream, by default the one around all cases. */
  | { say: string; data: string; on?: string }
  /** A frame of a socket, by default the one around all cases. */
  | { frame: string; on?: string }
  /** The stream fails: the browser tries again by itself, or has given up. */
  | { fail: string; gaveUp: boolean }
  /** The socket closes. */
  | { close: string; code: number }
  | { click: string; ctrlKey?: boolean; shiftKey?: boolean }
  /** A DOM event. */
  | { dispatch: string; type: string; detail?: unknown }
  /** Puts a value into a field, or a tick into a box, and says so as a user's browser would. */
  | { fill: string; value: string | boolean | readonly string[] }
  | { focus: string; from?: number; to?: number }
  /** The element comes into sight. */
  | { reveal: string }
  /** A script takes the element away. */
  | { remove: string }
  /** The answers that were held back come. */
  | { release: true }
  /** The page's time goes on. */
  | { run: number }
  /** The section is compared here, too. */
  | { look: string };

/** Part of the script that is compared with what others make of it. */
export interface Step {
  /** Unique, and the same in the list of decided differences. */
  name: string;
  /** What is compared: a selector. */
  section: string;
  acts: readonly Act[];
  /** How long the page's time goes on before the section is compared, in milliseconds. */
  ms?: number;
}

/** The selector of a step that is about something else than the page's elements. */
export const NO_SECTION = "html:empty";

/** A section of the page, as its markup says. */
export interface Case {
  /** Also the name of its event, and the id of what is swapped. */
  name: string;
  /** In the words of the markup. */
  about: string;
}

/** An event of the stream around all cases. */
export const say = (name: string, data = ""): Act => ({ say: name, data });

/** A frame of the socket around all cases. */
export const frame = (html: string): Act => ({ frame: html });

export const run = (ms: number): Act => ({ run: ms });

/** The cases of a page, in their order. */
export function casesOf(html: string): Case[] {
  const sections = html.matchAll(/<section data-case="([^"]*)"(?: data-about="([^"]*)")?/g);
  return [...sections].map(([, name, about]) => ({ name: name ?? "", about: unescape(about ?? "") }));
}

function unescape(text: string): string {
  return text
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");
}
