/** Telling what differs from what was decided to differ. */

/** Whom we are compared with. */
export const HTMX = ["htmx 1", "htmx 2"] as const;

/** A way in which we differ from htmx, by decision. */
export interface Difference {
  /** The ids of the behaviours in question. */
  ids: readonly string[];
  /** Why, in a sentence. */
  reason: string;
  /** From which htmx; from both if this is not said. */
  from?: (typeof HTMX)[number];
  /** The steps by name, in which `*` stands for anything and `?` for one character. Each that matches has to differ. */
  steps: readonly string[];
  /** What differs, the rest being the same; then it is enough that one step of each pattern differs so. */
  text?: RegExp;
}

/** A step that came out differently. */
export interface Found {
  step: string;
  htmx: (typeof HTMX)[number];
  ours: readonly string[];
  theirs: readonly string[];
}

export interface Judged {
  /** Found and not decided. */
  open: Found[];
  /** Decided, and found. */
  decided: { found: Found; difference: Difference }[];
  /** Decided, and not found any more, or a pattern that no step has. */
  stale: string[];
}

/** Compares what was found with what was decided; `steps` are the names of all that was compared. */
export function judge(found: readonly Found[], differences: readonly Difference[], steps: readonly string[]): Judged {
  const decided: Judged["decided"] = [];
  const stale: string[] = [];
  const known = new Set<Found>();
  for (const difference of differences) {
    const { from, text, ids } = difference;
    for (const pattern of difference.steps) {
      const meant = steps.filter(matcher(pattern));
      if (meant.length === 0) stale.push(`no step is called ${pattern}`);
      for (const htmx of from === undefined ? HTMX : [from]) {
        const of = (step: string) => found.find((one) => one.htmx === htmx && one.step === step);
        const explained = meant
          .flatMap((step) => of(step) ?? [])
          .filter((one) => text === undefined || isAll(one, text));
        if (text !== undefined && explained.length === 0) stale.push(`${htmx}: ${pattern} (${ids.join(", ")})`);
        if (text === undefined) {
          const equal = meant.filter((step) => of(step) === undefined);
          stale.push(...equal.map((step) => `${htmx}: ${step} (${ids.join(", ")})`));
        }
        for (const one of explained) {
          if (!known.has(one)) decided.push({ found: one, difference });
          known.add(one);
        }
      }
    }
  }
  return { open: found.filter((one) => !known.has(one)), decided, stale };
}

/** Whether the two differ in this alone. */
function isAll({ ours, theirs }: Found, text: RegExp): boolean {
  const [one, other] = [ours, theirs].map((lines) => lines.join("\n").replace(text, ""));
  return one === other;
}

function matcher(pattern: string): (name: string) => boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  const whole = new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
  return (name) => whole.test(name);
}

/** The lines of two texts that are not in both, in order. */
export function diff(ours: readonly string[], theirs: readonly string[]): string[] {
  // The longest common subsequence; texts are short.
  const lengths = Array.from({ length: ours.length + 1 }, () => new Array<number>(theirs.length + 1).fill(0));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = ours.length - 1; i >= 0; i -= 1) {
    for (let j = theirs.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row) row[j] = ours[i] === theirs[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < ours.length || j < theirs.length) {
    if (i < ours.length && j < theirs.length && ours[i] === theirs[j]) {
      [i, j] = [i + 1, j + 1];
    } else if (j >= theirs.length || (i < ours.length && at(i + 1, j) >= at(i, j + 1))) {
      lines.push(`  ours   ${ours[i]}`);
      i += 1;
    } else {
      lines.push(`  theirs ${theirs[j]}`);
      j += 1;
    }
  }
  return lines;
}
