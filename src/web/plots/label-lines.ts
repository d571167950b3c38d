/** A label that begins at a place and is so wide, in pixels. */
interface WantedLabel {
  readonly left: number;
  readonly width: number;
}

/** Where a label stands: `left` in pixels, and its line from the top. */
interface PlacedLabel {
  readonly left: number;
  readonly line: number;
}

/** Pixels between two labels of a line. */
const SPACE = 8;

/**
 * Places labels on as few lines as do not let two overlap, within `room` pixels. Undefined for each that finds no place on the
 * first `most` lines; its band is drawn nevertheless.
 */
export function placeLabels(
  wanted: readonly WantedLabel[],
  room: number,
  most: number,
): (PlacedLabel | undefined)[] {
  const taken: { from: number; to: number; line: number }[] = [];
  return wanted.map(({ left: begin, width }) => {
    const left = Math.max(0, Math.min(begin, room - width));
    const isFree = (line: number): boolean =>
      taken.every((one) => one.line !== line || left + width + SPACE <= one.from || one.to + SPACE <= left);
    const line = Array.from({ length: most }, (_, index) => index).find(isFree);
    if (line === undefined) return undefined;
    taken.push({ from: left, to: left + width, line });
    return { left, line };
  });
}
