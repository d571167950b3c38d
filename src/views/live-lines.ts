import { visibleWidth } from "./theme.ts";

export interface Screen {
  write(text: string): void;
  readonly columns: number;
}

const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";
const CLEAR_BELOW = "\u001b[J";

/** A block of lines at the bottom of a terminal that is drawn again in place. */
export class LiveLines {
  private readonly screen: Screen;
  private drawn = 0;

  constructor(screen: Screen) {
    this.screen = screen;
  }

  /** Draws the block in place of the last one; lines wider than the terminal are cut. */
  draw(lines: readonly string[]): void {
    const cut = lines.map((line) => this.cut(line));
    const start = this.drawn === 0 ? HIDE_CURSOR : this.home();
    this.screen.write(`${start}${CLEAR_BELOW}${cut.map((line) => `${line}\n`).join("")}`);
    this.drawn = cut.length;
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

  private cut(line: string): string {
    const width = Math.max(20, this.screen.columns - 1);
    if (visibleWidth(line) <= width) return line;
    let seen = 0;
    let end = 0;
    while (end < line.length && seen < width - 1) {
      // oxlint-disable-next-line no-control-regex -- escape sequences take no column
      const escape = /^\u001b\[[0-9;]*m/.exec(line.slice(end));
      end += escape?.[0].length ?? 1;
      if (escape === null) seen += 1;
    }
    return `${line.slice(0, end)}…\u001b[0m`;
  }
}
