import { theme } from "./theme.ts";

const CLEAR_SCREEN = "\u001b[2J";
const TO_THE_TOP = "\u001b[H";
const CLEAR_BELOW = "\u001b[J";
const CLEAR_LINE = "\u001b[K";

interface Screen {
  write(text: string): void;
  readonly rows: number;
  readonly colour: boolean;
  asCalled(text: string): string;
}

/** Draws text over the last one from the top of a terminal; what is higher than that is cut, and said to be. Returns what draws. */
export function openFrames(screen: Screen): (text: string) => void {
  const look = theme(screen.colour);
  screen.write(CLEAR_SCREEN);
  return (text) => {
    const lines = text.trimEnd().split("\n");
    // The last row stays free: a line end there would scroll the first one away.
    const room = Math.max(2, screen.rows - 3);
    const over = lines.length > room ? lines.length - room + 1 : 0;
    const shown = over === 0 ? lines : lines.slice(0, room - 1);
    const foot = [
      ...(over === 0
        ? []
        : [look.dim(`… ${over} more lines do not fit; ${screen.asCalled("`mhlab status`")} prints them`)]),
      "",
      "Ctrl-C ends this",
      "",
    ];
    // Each line is cleared as it is written over: clearing all first would flicker.
    screen.write(`${TO_THE_TOP}${[...shown, ...foot].join(`${CLEAR_LINE}\n`)}${CLEAR_BELOW}`);
  };
}
