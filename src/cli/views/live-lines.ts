import { cut } from "./width.ts";

export interface Screen {
  write(text: string): void;
  readonly columns: number;
  readonly rows: number;
  /** Commands of mhlab in a text as the user has to type them. */
  readonly asCalled?: ((text: string) => string) | undefined;
}

const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";
const CLEAR_BELOW = "\u001b[J";
const NARROWEST = 20;

/** A block of lines at the bottom of a terminal that is drawn again in place. */
export class LiveLines {
  private readonly screen: Screen;
  private drawn = 0;

  constructor(screen: Screen) {
    this.screen = screen;
  }

  /** Draws the block in place of the last one; lines wider than the terminal are cut. */
  draw(lines: readonly string[]): void {
    // The last column stays free: a full line would go on on the next one.
    const shown = lines.map((line) => cut(line, Math.max(NARROWEST, this.screen.columns - 1)));
    const start = this.drawn === 0 ? HIDE_CURSOR : this.home();
    this.screen.write(`${start}${CLEAR_BELOW}${shown.map((line) => `${line}\n`).join("")}`);
    this.drawn = shown.length;
  }

  /** Writes a text that stays, where the block was; the block is drawn below it the next time. */
  leave(text: string): void {
    this.screen.write(`${this.drawn === 0 ? "" : this.home()}${CLEAR_BELOW}${text}\n`);
    if (this.drawn > 0) this.screen.write(SHOW_CURSOR);
    this.drawn = 0;
  }

  /** Leaves the block as it is and gives the cursor back. */
  close(): void {
    if (this.drawn > 0) this.screen.write(SHOW_CURSOR);
    this.drawn = 0;
  }

  private home(): string {
    return `\u001b[${this.drawn}A\r`;
  }
}
