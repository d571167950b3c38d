/** docs/check: a page per document with a section per requirement, made from the catalogue. */
import { CATALOGUE } from "../core/judge/check/catalogue/registry.ts";
import {
  anchorOf,
  PROFILES,
  type Observation,
  type Requirement,
  type Rule,
} from "../core/judge/check/requirement.ts";
import { SCHEDULE } from "../core/judge/check/schedule.ts";

const TITLES = {
  rfc7084: "RFC 7084: Basic Requirements for IPv6 Customer Edge Routers",
  rfc9096: "RFC 9096: Reaction of Customer Edge Routers to Renumbering",
  multihoming: "Several providers: requirements of our own",
} as const satisfies Record<(typeof PROFILES)[number], string>;

/** The pages of documents by file name. */
export function checkPages(): Map<string, string> {
  return new Map(PROFILES.map((profile) => [`${profile}.md`, pageOf(TITLES[profile], CATALOGUE[profile])]));
}

function pageOf(title: string, requirements: readonly Requirement[]): string {
  return [
    `# ${title}`,
    "",
    "What `mhlab check` tests; made from the catalogue of the program. [How a check works](README.md).",
    "",
    "| requirement | level | |",
    "| --- | --- | --- |",
    ...requirements.map((one) => `| [${one.id}](#${anchorOf(one)}) | ${one.level} | ${one.title} |`),
    "",
    ...requirements.flatMap(section),
  ].join("\n");
}

function section(one: Requirement): string[] {
  const { document, id, level, title, required, source, elsewhere, phase, stimulus, matters, applies, rule } =
    one;
  return [
    `## ${document} ${id}`,
    "",
    `**${title}.** ${level}. ${required}`,
    "",
    ...(source === undefined ? [] : [`> ${source.sentence} (${source.place})`, ""]),
    `**Test.** ${stimulus} (Part \`${phase}\`: ${SCHEDULE[phase].title}.)`,
    "",
    `**Observation.** ${sentenceOf(rule)}`,
    "",
    ...filtersIn(rule).map(({ side, filter }) => `- ${side}: \`${filter}\``),
    ...(applies === undefined
      ? []
      : [`- not applicable if nothing matches, ${applies.to.side}: \`${applies.to.filter}\``]),
    "",
    `**If it fails.** ${matters}`,
    "",
    ...(elsewhere.length === 0 ? [] : [`The same elsewhere: ${elsewhere.join(", ")}.`, ""]),
  ];
}

function sentenceOf(rule: Rule): string {
  switch (rule.kind) {
    case "every":
      return "Each packet that matches the first filter also matches the second.";
    case "some":
      return "At least one packet matches the first filter. Without packets of the second, the result is inconclusive.";
    case "none":
      return "No packet matches the first filter. Without packets of the second, the result is inconclusive.";
    case "answered":
      return `${rule.only === "first" ? "The first" : "Each"} packet of the first filter is followed by one of the second within ${rule.withinS} s.`;
    case "same":
      return `\`${rule.field}\` is the same in all packets of a link, before and after the restart.`;
    case "exit":
      return "Each packet whose source is in a delegation is captured at the provider that delegated it. With one provider it is not applicable.";
    case "prefix-options":
      return {
        "inside a delegation, /64":
          "Each prefix option is a /64 inside a delegation that a provider granted.",
        "lifetimes 0/0, flags as before":
          "From two seconds after the provider took the delegation back, each advertisement has its prefix with lifetimes of 0 and the former flags.",
        "no longer than the delegation":
          "No lifetime of a prefix option exceeds the lifetime in the provider's last Reply, less the time since then.",
        "one in each delegation":
          "Each advertisement has a prefix option in each delegation that is valid at its time.",
        "each is deprecated":
          "Each advertisement has a prefix option with a preferred lifetime of 0 in each delegation that is valid at its time.",
        "valid lifetimes stay":
          "No prefix option in a delegation that is valid at its time has a valid lifetime of 0.",
        "others stay preferred":
          "Each advertisement has a prefix option with a preferred lifetime above 0 in each delegation of a provider that took none back. Without such a provider it is not applicable.",
      }[rule.options.check];
  }
}

function filtersIn(rule: Rule): Observation[] {
  switch (rule.kind) {
    case "every":
      return [rule.of, { side: rule.of.side, filter: rule.holds }];
    case "answered":
      return [rule.of, rule.by];
    case "same":
    case "exit":
    case "prefix-options":
      return [rule.of];
    default:
      return [rule.of, rule.among];
  }
}
