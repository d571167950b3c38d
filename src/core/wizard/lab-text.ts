import { formatPrefix6, parsePrefix6, subnet } from "../ip6.ts";
import { blockLines, lineText, type Value } from "../lab/edit-values.ts";
import { delegable } from "./customers.ts";
import { linkComment, withoutBegun } from "./links.ts";
import { proposePrefix } from "./proposals.ts";
import { providerEntry } from "./provider-entry.ts";
import type { Answers } from "./question.ts";

/** What a new lab file is made from. */
export interface LabSketch {
  /** What the first line names, for editors. */
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
    "# Made by `mhlab init`. `mhlab validate` checks it, `mhlab up` makes it so.",
    `name: ${lineText(lab["name"] ?? "")}`,
    "",
    ...(real
      ? ["# There is no `internet: bundled`: every provider says where its tunnel ends.", ""]
      : [
          "# The far side of every tunnel is a container of the lab. It plays the",
          "# internet: it answers pings, DNS, HTTP and iperf3 at 2001:db8::1.",
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

/** A lab file of the answers that are there so far, which is only to be checked. */
export function partialLabText([lab = {}, ...providers]: readonly Answers[]): string {
  const neighbours = providers.map(({ name = "", prefix = "", link = "" }) => ({ name, prefix, link }));
  return labText({
    schema: "",
    lab,
    // No file can be without a prefix.
    providers: providers.map((one) => ({ prefix: proposePrefix(neighbours), ...withoutBegun(one) })),
  });
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
        "The server at the other end; `mhlab peer-config` prints what it needs.",
        "The lab's own keys are made by mhlab, and kept out of this file.",
      ];
    case "delegation":
      return ["What a customer is delegated, and for how long."];
    case "subscriber":
      return [linkComment(answers["link"] ?? "")].filter((comment) => comment !== undefined);
    case "dns":
      return ["The DNS servers that customers are told."];
    default:
      return [];
  }
}

function prefixComments({ prefix = "", length, defaults }: Answers): string[] {
  const own = parsePrefix6(prefix);
  const found = delegable(prefix);
  if (own === undefined || found === "unknown") return [];
  if (found === "nothing") {
    return [
      "A single /64 connects it to its customers, who take addresses of it (SLAAC);",
      "nothing can be delegated.",
    ];
  }
  const size = defaults === "yes" || !length ? found.length : Number(length);
  return [
    `The first /64 (${formatPrefix6(subnet(own, 64, 0n))}) connects it to its customers.`,
    `Each is delegated a /${size} of the upper half (${formatPrefix6(found.pool)}).`,
  ];
}

function cpeLines(lab: Answers): string[] {
  return [
    "",
    "# This CPE asks each of its providers for a prefix; its hosts get an address",
    "# of each.",
    "cpes:",
    `  - name: ${lineText(lab["cpe"] ?? "")}`,
    `    hosts: ${lineText(lab["hosts"] ?? "1")}`,
  ];
}
