import { catalogued, FAULT_KINDS, type Catalogued } from "../core/model/faults/kinds.ts";
import { table } from "./docs-tables.ts";

/** The pages of docs/faults by file name, from the records of the kinds. */
export function faultPages(): Map<string, string> {
  const kinds = FAULT_KINDS.map(catalogued);
  return new Map([
    ["README.md", indexPage(kinds)],
    ...kinds.map((one) => [`${one.kind}.md`, kindPage(one)] as const),
  ]);
}

function indexPage(kinds: readonly Catalogued[]): string {
  return [
    "# The catalogue of faults",
    "",
    "Made from the program; `mhlab fault kinds` prints the same. How to inject and clear them: [faults](../faults.md).",
    "",
    table(
      ["fault", "what the provider does"],
      kinds.map(({ kind, summary }) => [`[\`${kind}\`](${kind}.md)`, summary]),
    ),
    "",
  ].join("\n");
}

function kindPage(one: Catalogued): string {
  const { kind, summary, provider, customer, normal, advice, once, directions, options, needs } = one;
  const first = directions[0] ?? "";
  const direction =
    directions.length === 1
      ? `\`${first}\``
      : `${directions.map((word) => `\`${word}\``).join(", ")}; \`${first}\` when none is named`;
  return [
    `# ${kind}`,
    "",
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    "",
    `**The provider.** ${provider}`,
    "",
    `**The CPE sees.** ${customer}`,
    "",
    `**Stays normal.** ${normal}`,
    "",
    `**What a CPE should do.** ${advice}`,
    "",
    "## Injecting it",
    "",
    "```",
    `mhlab fault inject ${kind} PROVIDER${once ? "" : " [--for TIME]"}${directions.length > 1 ? " [--direction WAY]" : ""}${options.map(wordOf).join("")}`,
    "```",
    "",
    once ? "It happens once and at once: there is nothing to clear." : `Direction: ${direction}.`,
    "",
    ...(needs.length === 0 ? [] : [`It needs of the kernel: ${needs.join(", ")}.`, ""]),
    ...(options.length === 0
      ? []
      : [
          table(
            ["option", "default", "what it can be", "meaning"],
            options.map(({ name, text, right, required, default: otherwise }) => [
              `\`${name}\``,
              required ? "required" : otherwise === null ? "" : `\`${otherwise}\``,
              right,
              text,
            ]),
          ),
          "",
        ]),
    "[All faults](README.md) · [how to inject and clear them](../faults.md)",
    "",
  ].join("\n");
}

function wordOf({ name, required }: Catalogued["options"][number]): string {
  return required ? ` ${name}=…` : ` [${name}=…]`;
}
