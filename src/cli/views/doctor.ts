import type { Finding } from "../../core/model/host/finding.ts";
import { wrapMend } from "./command-lines.ts";
import { harmless, harmlessLines, theme, type View } from "./theme.ts";
import { wrap } from "./width.ts";

/** Findings for people: what blocks and what deserves a look with the command that mends it, then a count. */
export function renderFindings(
  findings: readonly Finding[],
  { colour, columns: width, asCalled = (text) => text }: View,
): string {
  const look = theme(colour);
  const marks = { ok: look.good("✓"), warn: look.warn("!"), block: look.bad("✗") };
  const lines = findings.flatMap(({ level, message, mend, engine }) => [
    ...wrap(asCalled(harmless(engine === undefined ? message : `${engine}: ${message}`)), {
      width,
      lead: `${marks[level]} `,
      hang: "  ",
    }),
    ...asCalled(harmlessLines(mend ?? ""))
      .split("\n")
      .filter((line) => line !== "")
      .flatMap((line) => wrapMend(line, { width, lead: "    " }))
      .map((line) => look.accent(line)),
  ]);
  const count = (level: Finding["level"]): number => findings.filter((one) => one.level === level).length;
  const summary =
    count("block") > 0
      ? look.bad(`${count("block")} of ${findings.length} keep labs from working here`)
      : count("warn") > 0
        ? look.warn(`labs can work here; ${count("warn")} of ${findings.length} deserve a look`)
        : look.good("all is well");
  return `${lines.join("\n")}\n\n${summary}\n`;
}
