import { diffLines } from "../core/wizard/line-diff.ts";
import type { Card } from "../core/links/kind.ts";
import type { MachineFacts } from "../core/wizard/machine.ts";
import { harmless, harmlessAll, theme, type Theme } from "./theme.ts";

/** The first lines of `mhlab init`: how it works, and what is there. */
export function renderWelcome(found: MachineFacts, colour: boolean): string {
  const look = theme(colour);
  const facts = harmlessAll(found);
  const engine = facts.engine ?? look.warn("none answers; `mhlab --sandbox up` brings its own");
  const rows: [string, string][] = [
    ["engine", engine],
    [
      "WireGuard",
      { kernel: "in the kernel", userspace: "in user space", unknown: "not known" }[facts.wireguard],
    ],
    ...cardRows(facts, look),
  ];
  return [
    "",
    look.strong("A lab in a few questions."),
    look.dim("Enter takes what is proposed; Ctrl-C leaves everything as it is."),
    "",
    ...rows.map(([name, text]) => `  ${look.dim(name.padEnd(10))}  ${text}`),
    "",
    "",
  ].join("\n");
}

function cardRows({ cards, seen }: MachineFacts, look: Theme): [string, string][] {
  const title = seen === "here" ? "cards here" : "cards";
  if (cards.length === 0) return seen === "nowhere" ? [] : [[title, look.dim("none")]];
  return cards.map((card, index) => [index === 0 ? title : "", describe(card, look)]);
}

function describe({ name, carrier: has, against }: Card, look: Theme): string {
  const carrier = has ? look.good("carrier") : look.dim("no carrier");
  return `${name.padEnd(10)}  ${carrier}${against === undefined ? "" : `  ${look.dim(against)}`}`;
}

/** A heading before the questions about one provider. */
export function renderProviderTitle(number: number, colour: boolean): string {
  return `\n${theme(colour).strong(`Provider ${number}`)}\n`;
}

/** An answer that was taken for granted. */
export function renderAssumed(flag: string, answer: string, colour: boolean): string {
  const look = theme(colour);
  const glue = flag.endsWith("=") ? "" : " ";
  return `${look.dim("assumed")} ${harmless(flag)}${glue}${harmless(answer)}\n`;
}

/** The text of a file that is about to be written. */
export function renderPreview(file: string, text: string, colour: boolean): string {
  const look = theme(colour);
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) => `  ${look.dim("│")} ${yamlLine(harmless(line), look)}`.trimEnd());
  return `\n${look.strong(harmless(file))}\n${lines.join("\n")}\n\n`;
}

/** What changes in a file. */
export function renderDiff(file: string, texts: { before: string; after: string }, colour: boolean): string {
  const look = theme(colour);
  const lines = diffLines(texts.before, texts.after);
  const width = Math.max(...lines.map(({ line }) => String(line).length));
  const shown = lines.map(({ sign, text, line }) => {
    if (sign === "skip") return look.dim(`  ${" ".repeat(width)}   …`);
    const row = `${String(line).padStart(width)} ${sign} ${harmless(text)}`.trimEnd();
    if (sign === " ") return look.dim(`  ${row}`);
    return `  ${sign === "+" ? look.good(row) : look.bad(row)}`;
  });
  return `\n${look.strong(harmless(file))}\n${shown.join("\n")}\n\n`;
}

/** Keys stand out, comments step back. */
function yamlLine(line: string, look: Theme): string {
  if (/^\s*#/.test(line)) return look.dim(line);
  return line.replace(
    /^(\s*(?:- )?)([a-z-]+)(?=:)/,
    (_, indent: string, key: string) => indent + look.accent(key),
  );
}
