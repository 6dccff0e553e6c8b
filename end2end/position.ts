/** Positions as text: 16 hexadecimal digits of the epoch, a dash, the offset. */

const POSITION = /^([0-9a-f]{16})-(\d+)$/;

/** Reads a position. */
export function parsePosition(text: string | null): { epoch: string; offset: number } {
  const [, epoch, offset] = POSITION.exec(text ?? "") ?? [];
  if (epoch === undefined || offset === undefined) throw new Error(`expected a position, found ${text}`);
  return { epoch, offset: Number(offset) };
}
