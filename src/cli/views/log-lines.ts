import { harmless, theme } from "./theme.ts";
import { padTo, widest } from "./width.ts";

interface Screen {
  write(text: string): void;
  readonly colour: boolean;
}

/** Writes lines of logs; of several nodes with the name of each before its lines. */
export function logLines(names: readonly string[], screen: Screen): (name: string, line: string) => void {
  if (names.length <= 1) return (_, line) => screen.write(`${harmless(line)}\n`);
  const look = theme(screen.colour);
  const width = widest(names);
  return (name, line) => screen.write(`${look.dim(`${padTo(harmless(name), width)} |`)} ${harmless(line)}\n`);
}
