import { diffLines } from "./line-diff.ts";
import type { Card } from "../../core/model/links/kind.ts";
import type { MachineFacts } from "../../features/wizard/machine.ts";
import { harmless, harmlessAll, theme, type Theme, type View } from "./theme.ts";
import { wrap } from "./width.ts";

/** The first lines of `mhlab init`: how to answer, and what the machine has. */
export function renderWelcome(found: MachineFacts, { colour, columns: width }: View): string {
  const look = theme(colour);
  const facts = harmlessAll(found);
  const engine = facts.engine ?? look.warn("none answers; `mhlab --sandbox up` starts one of its own");
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
    ...howToAnswer(look, width),
    "",
    ...rows.flatMap(([name, text]) =>
      wrap(text, { width, lead: `  ${look.dim(name.padEnd(10))}  `, hang: " ".repeat(14) }),
    ),
    "",
    "",
  ].join("\n");
}

/** How questions are answered, before the first of them. */
export function renderHowToAnswer({ colour, columns: width }: View): string {
  return `${howToAnswer(theme(colour), width).join("\n")}\n`;
}

function howToAnswer(look: Theme, width: number | undefined): string[] {
  const text = "Enter accepts the proposal, Tab edits it. Ctrl-C quits and changes nothing.";
  return wrap(text, { width }).map((line) => look.dim(line));
}

/** What is wrong with an answer. */
export function renderWrong(problem: string, { colour, columns: width }: View): string {
  const look = theme(colour);
  const lines = wrap(harmless(problem), { width, lead: "  " });
  return `${lines.map((line) => look.bad(line)).join("\n")}\n`;
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

/** An option that was left out, with its default. */
export function renderAssumed(flag: string, answer: string, { colour, columns: width }: View): string {
  const look = theme(colour);
  const glue = flag.endsWith("=") ? "" : " ";
  const text = wrap(`${harmless(flag)}${glue}${harmless(answer)}`, {
    width,
    lead: `${look.dim("assumed")} `,
  });
  return `${text.join("\n")}\n`;
}

/** The text of a file that is about to be written. */
export function renderPreview(file: string, text: string, { colour, columns: width }: View): string {
  const look = theme(colour);
  const lines = text
    .trimEnd()
    .split("\n")
    .flatMap((line) => source(yamlLine(harmless(line), look), `  ${look.dim("│")} `, width));
  return `\n${fileName(file, { look, width })}\n${lines.join("\n")}\n\n`;
}

/** What changes in a file. */
export function renderDiff(
  file: string,
  texts: { before: string; after: string },
  { colour, columns: width }: View,
): string {
  const look = theme(colour);
  const lines = diffLines(texts.before, texts.after);
  const digits = Math.max(...lines.map(({ line }) => String(line).length));
  const shown = lines.flatMap(({ sign, text, line }) => {
    if (sign === "skip") return [look.dim(`  ${" ".repeat(digits)}   …`)];
    const paint = (row: string): string =>
      sign === " " ? look.dim(row) : sign === "+" ? look.good(row) : look.bad(row);
    const lead = `  ${String(line).padStart(digits)} ${sign} `;
    return source(harmless(text), lead, width).map(paint);
  });
  return `\n${fileName(file, { look, width })}\n${shown.join("\n")}\n\n`;
}

function fileName(file: string, { look, width }: { look: Theme; width: number | undefined }): string {
  return wrap(look.strong(harmless(file)), { width }).join("\n");
}

/** A line of a file as it is, over several rows where it is too wide. */
function source(text: string, lead: string, width: number | undefined): string[] {
  const indent = /^ */.exec(text)?.[0] ?? "";
  return wrap(text.slice(indent.length), { width, lead: lead + indent });
}

/** Keys stand out, comments step back. */
function yamlLine(line: string, look: Theme): string {
  if (/^\s*#/.test(line)) return look.dim(line);
  return line.replace(
    /^(\s*(?:- )?)([a-z-]+)(?=:)/,
    (_, indent: string, key: string) => indent + look.accent(key),
  );
}
