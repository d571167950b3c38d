import { catalogued, FAULT_KINDS, type Catalogued } from "../core/model/faults/kinds.ts";
import { table } from "./docs-tables.ts";

/** The page docs/fault-catalogue.md, from the records of the kinds: a section each. */
export function faultPage(): string {
  const kinds = FAULT_KINDS.map(catalogued);
  return [
    "# Fault catalogue",
    "",
    "Generated from the program; `mhlab fault kinds` prints the same. How to inject and clear faults: [Faults](faults.md).",
    "",
    table(
      ["fault", "what the provider does"],
      kinds.map(({ kind, summary }) => [`[\`${kind}\`](#${kind})`, summary]),
    ),
    "",
    ...kinds.flatMap(kindSection),
  ].join("\n");
}

function kindSection(one: Catalogued): string[] {
  const { kind, summary, provider, customer, normal, advice, once, directions, options, needs } = one;
  const first = directions[0] ?? "";
  const direction =
    directions.length === 1
      ? `\`${first}\``
      : `${directions.map((word) => `\`${word}\``).join(", ")}; default \`${first}\``;
  return [
    `## ${kind}`,
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
    `**Command.** \`mhlab fault inject ${kind} PROVIDER${once ? "" : " [--for TIME]"}${directions.length > 1 ? " [--direction WAY]" : ""}${options.map(wordOf).join("")}\``,
    "",
    once ? "It happens once, immediately; there is nothing to clear." : `Direction: ${direction}.`,
    "",
    ...(needs.length === 0 ? [] : [`Kernel features needed: ${needs.join(", ")}.`, ""]),
    ...(options.length === 0
      ? []
      : [
          table(
            ["option", "default", "values", "meaning"],
            options.map(({ name, text, right, required, default: otherwise }) => [
              `\`${name}\``,
              required ? "required" : otherwise === null ? "" : `\`${otherwise}\``,
              right,
              text,
            ]),
          ),
          "",
        ]),
  ];
}

function wordOf({ name, required }: Catalogued["options"][number]): string {
  return required ? ` ${name}=…` : ` [${name}=…]`;
}
