/** Lines as people have them; docs/line.md tells where each number is from. */

/** What a line is like on each way. */
export interface LinePreset {
  readonly delayMs: number;
  readonly jitterMs: number;
  readonly loss: number;
  /** Bits a second. */
  readonly down: number;
  readonly up: number;
}

export const LINE_PRESETS = ["fibre", "vdsl50", "lte", "5g", "geo-satellite", "leo", "congested"] as const;
export type LinePresetName = (typeof LINE_PRESETS)[number];

const MBIT = 1_000_000;

/** What each preset stands for. */
export const linePresets = {
  fibre: { delayMs: 1, jitterMs: 0, loss: 0, down: 1000 * MBIT, up: 500 * MBIT },
  vdsl50: { delayMs: 8, jitterMs: 0, loss: 0, down: 50 * MBIT, up: 10 * MBIT },
  lte: { delayMs: 10, jitterMs: 5, loss: 0, down: 29.5 * MBIT, up: 7.6 * MBIT },
  "5g": { delayMs: 9, jitterMs: 3, loss: 0, down: 129.9 * MBIT, up: 14.7 * MBIT },
  "geo-satellite": { delayMs: 279, jitterMs: 0, loss: 0, down: 19.3 * MBIT, up: 2.54 * MBIT },
  leo: { delayMs: 22, jitterMs: 5, loss: 0.01, down: 87.25 * MBIT, up: 13.54 * MBIT },
  congested: { delayMs: 50, jitterMs: 15, loss: 0.05, down: 10 * MBIT, up: 2 * MBIT },
} as const satisfies Record<LinePresetName, LinePreset>;
