/** What rows of the timeline are made of. Places are attributes, for the page's policy takes no style that is not in its sheet. */
import { markup, type Markup, type Part } from "./html.ts";
import type { TimeScale } from "./scale.ts";
import { WIDTH } from "./scale.ts";

/** One row: what it is about, and its picture to the scale of all rows. */
export function row(kind: string, who: Part, picture: Markup): Markup {
  return markup`<div class="row ${kind}"><div class="who">${who}</div>${picture}</div>
`;
}

/** A picture over the whole time, as high as is said, with words for those who do not see it. */
export function plot(height: number, label: string, inside: Part): Markup {
  return markup`<svg class="plot" width="100%" height="${height}" role="img" aria-label="${label}">${inside}</svg>`;
}

/** Paths whose x goes from 0 to 10000 over the whole time, whatever the width of the page. */
export function stretched(height: number, inside: Part): Markup {
  return markup`<svg viewBox="0 0 ${WIDTH} ${height}" preserveAspectRatio="none" width="100%" height="${height}">${inside}</svg>`;
}

/** A stretch of time as a bar, with a word in it as far as it has the room. */
export function segment(scale: TimeScale, { fromS, toS, kind, text, height }: Segment): Markup {
  const wide = (toS - fromS) / scale.endS >= 0.045;
  return markup`<svg x="${scale.at(fromS)}" width="${scale.length(fromS, toS)}" height="${height}"><title>${text}, ${fromS.toFixed(2)} to ${toS.toFixed(2)} s</title><rect class="segment ${kind}" width="100%" height="${height}"/>${
    wide && markup`<text x="5" y="${height - 4}">${text}</text>`
  }</svg>`;
}

interface Segment {
  readonly fromS: number;
  readonly toS: number;
  readonly kind: string;
  readonly text: string;
  readonly height: number;
}

/** A figure at a stretch of time: in its middle, or at the edge of the page where it would be cut there. */
export function figureAt(
  scale: TimeScale,
  { fromS, toS }: Pick<Segment, "fromS" | "toS">,
  y: number,
  text: string,
): Markup {
  const middle = (fromS + toS) / 2 / scale.endS;
  const [at, anchor] =
    middle < 0.07 ? [0, "start"] : middle > 0.93 ? [scale.endS, "end"] : [(fromS + toS) / 2, "middle"];
  return markup`<text class="figure" x="${scale.at(at)}" y="${y}" text-anchor="${anchor}">${text}</text>`;
}
