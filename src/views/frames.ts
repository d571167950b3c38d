const CLEAR_SCREEN = "\u001b[2J";
const TO_THE_TOP = "\u001b[H";
const CLEAR_BELOW = "\u001b[J";
const CLEAR_LINE = "\u001b[K";

interface Screen {
  write(text: string): void;
}

/** Draws text over the last one from the top of a terminal; returns what draws. */
export function openFrames(screen: Screen): (text: string) => void {
  screen.write(CLEAR_SCREEN);
  // Each line is cleared as it is written over: clearing all first would flicker.
  return (text) => screen.write(`${TO_THE_TOP}${text.replaceAll("\n", `${CLEAR_LINE}\n`)}${CLEAR_BELOW}`);
}
