/** The Test Anything Protocol, version 14: a line for each expectation; expected failures are TODO, as it has them. */
import type { RunRecord } from "../../core/judge/scenario/record.ts";
import type { Verdict } from "../../core/judge/experiment/record.ts";

const LINE: Readonly<Record<Verdict["result"], readonly [ok: boolean, directive: string | null]>> = {
  passed: [true, null],
  failed: [false, null],
  "expected-failure": [false, "TODO expected failure"],
  "unexpected-pass": [true, "TODO expected failure"],
  unsupported: [true, "SKIP unsupported here"],
  inconclusive: [false, null],
};

export function writeTap({ verdicts, partial }: RunRecord): string {
  const lines = verdicts.flatMap((verdict, index) => {
    const [ok, directive] = LINE[verdict.result];
    const end = directive === null ? "" : ` # ${directive}`;
    return [
      `${ok ? "ok" : "not ok"} ${index + 1} - ${plain(verdict.text)}${end}`,
      "  ---",
      `  id: ${quoted(verdict.id)}`,
      `  measured: ${quoted(verdict.measured)}`,
      `  because: ${verdict.because === null ? "null" : quoted(verdict.because)}`,
      "  ...",
    ];
  });
  const end = partial ? ["Bail out! The run ended before its last step."] : [];
  return ["TAP version 14", `1..${verdicts.length}`, ...lines, ...end, ""].join("\n");
}

/** A text of YAML within double quotes is what JSON has, too. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

/** On one line, with nothing in it that would be a directive. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\s]+/gu, " ").replaceAll(/[\\#]/g, "\\$&");
}
