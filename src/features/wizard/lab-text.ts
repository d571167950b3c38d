import { formatPrefix6, parsePrefix6, subnet } from "../../core/model/ip6.ts";
import { blockLines, lineText, type Value } from "../../core/model/yaml/edit-values.ts";
import { kindByKey } from "../../core/model/links/registry.ts";
import { defaultDelegatedLength } from "../../core/model/settings/delegation.ts";
import { providerEntry } from "./provider-entry.ts";
import { delegableOf } from "./provider-questions.ts";
import type { Answers } from "./question.ts";

/** The parts of a new lab file. */
export interface LabSketch {
  /** Where editors find the JSON Schema. */
  readonly schema: string;
  readonly lab: Answers;
  readonly providers: readonly Answers[];
}

/** The text of a new lab file, with comments that help to change it. */
export function labText({ schema, lab, providers }: LabSketch): string {
  const real = lab["internet"] === "real";
  const lines = [
    `# yaml-language-server: $schema=${schema}`,
    ...(schema.includes("/") ? [] : [`# Your editor finds that file after \`mhlab schema > ${schema}\`.`]),
    "",
    "# Made by `mhlab init`. `mhlab validate` checks it, `mhlab up` starts it.",
    `name: ${lineText(lab["name"] ?? "")}`,
    "",
    ...(real
      ? ["# There is no `internet: bundled`: every provider names its tunnel endpoint.", ""]
      : [
          "# Every tunnel ends at a container of the lab, which plays the internet: it",
          "# answers pings, DNS, HTTP and iperf3 at 2001:db8::1.",
          "internet: bundled",
          "",
        ]),
    "providers:",
    ...providers.flatMap((answers, index) => [
      ...(index === 0 ? [] : [""]),
      ...providerLines(answers, index === 0),
    ]),
    ...(lab["customer"] === "bundled" ? cpeLines(lab) : []),
    "",
  ];
  return lines.join("\n");
}

function providerLines(answers: Answers, first: boolean): string[] {
  const entry = providerEntry(answers);
  const lines = Object.entries(entry).flatMap(([key, value]) =>
    value === undefined
      ? []
      : [
          ...(first ? commentsOn(key, answers) : []).map((comment) => `# ${comment}`),
          ...blockLines({ [key]: value satisfies Value }, ["wireguard"]),
        ],
  );
  return lines.map((line, index) => (index === 0 ? `  - ${line}` : `    ${line}`));
}

/** What the first provider says of its keys. */
function commentsOn(key: string, answers: Answers): string[] {
  switch (key) {
    case "prefix":
      return prefixComments(answers);
    case "wireguard":
      return [
        "The server at the other end; `mhlab peer-config` prints its configuration.",
        "mhlab makes the lab's own keys and keeps them out of this file.",
      ];
    case "delegation":
      return ["The length of each delegation, and its lifetimes."];
    case "subscriber":
      return [kindByKey((answers["link"] ?? "").split(":", 1)[0] ?? "")?.wizard.comment ?? []].flat();
    case "dns":
      return ["The DNS servers of its customers."];
    default:
      return [];
  }
}

function prefixComments({ prefix = "", length, defaults }: Answers): string[] {
  const own = parsePrefix6(prefix);
  const pool = delegableOf(prefix);
  if (own === undefined || pool === undefined) return [];
  if (pool === "nothing") {
    return [
      "A single /64 connects it to its customers, who take addresses of it (SLAAC);",
      "nothing can be delegated.",
    ];
  }
  const size = defaults === "yes" || !length ? defaultDelegatedLength(pool) : Number(length);
  return [
    `The first /64 (${formatPrefix6(subnet(own, 64, 0n))}) connects it to its customers.`,
    `Each is delegated a /${size} of the upper half (${formatPrefix6(pool)}).`,
  ];
}

function cpeLines(lab: Answers): string[] {
  return [
    "",
    "# This CPE requests a prefix from each of its providers; its hosts get an",
    "# address of each.",
    "cpes:",
    `  - name: ${lineText(lab["cpe"] ?? "")}`,
    `    hosts: ${lineText(lab["hosts"] ?? "1")}`,
  ];
}
