import { padTo, visibleWidth, widest, wrap, wrapCommand } from "./width.ts";

export interface CommandLinesOptions {
  readonly width: number | undefined;
  readonly paintCommand?: (text: string) => string;
  readonly paintPurpose?: (text: string) => string;
}

/** Lines to be typed, with what each is for: beside it, or below it where one would be too wide. */
export function commandLines(
  lines: readonly (readonly [line: string, purpose: string])[],
  { width, paintCommand = same, paintPurpose = same }: CommandLinesOptions,
): string[] {
  const column = widest(lines.map(([line]) => line));
  const beside = lines.map(([line, purpose]) =>
    `  ${paintCommand(padTo(line, column))}   ${paintPurpose(purpose)}`.trimEnd(),
  );
  if (width === undefined || beside.every((line) => visibleWidth(line) <= width)) return beside;
  return lines.flatMap(([line, purpose]) => [
    ...wrapCommand(line, { width, lead: "  " }).map(paintCommand),
    ...wrap(purpose, { width, lead: "      " }).map(paintPurpose),
  ]);
}

const same = (text: string): string => text;

const BEGINS_COMMAND =
  /^(sudo|mhlab|docker|ip|sysctl|systemctl|modprobe|nft|export|ssh|echo|cd|npm|bash|curl) /;

/** Breaks a line of a mend or hint: a command so that it can be pasted, a sentence between its words. */
export function wrapMend(line: string, options: { width: number | undefined; lead: string }): string[] {
  return BEGINS_COMMAND.test(line) ? wrapCommand(line, options) : wrap(line, options);
}
