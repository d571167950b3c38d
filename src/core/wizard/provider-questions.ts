import { RESERVED_NAMES } from "../names.ts";
import { delegation } from "../settings/delegation.ts";
import { lifetimes } from "../settings/lifetimes.ts";
import { provider } from "../settings/provider.ts";
import { entries } from "../settings/registry.ts";
import type { AnySetting } from "../settings/setting.ts";
import { usualJson } from "../settings/texts.ts";
import { wireguard } from "../settings/wireguard.ts";
import { checkLink, completeLink, isBegun, linkChoices, questionFor, readLink } from "./links.ts";
import { overlapping, proposeName, proposePrefix, proposeTunnelAddress } from "./proposals.ts";
import { checkSetting, checkYesNo, type Answers, type Known, type Question } from "./question.ts";

const isReal = ({ internet }: Known): boolean => internet === "real";
const wantsDetails = ({ answers }: Known): boolean => answers["defaults"] === "no";
const contradiction = ({ answers }: Known): string | undefined =>
  answers["defaults"] === "yes" ? "defaults=yes says that the usual is wanted" : undefined;
const current =
  (id: string) =>
  ({ current: stands }: Known) =>
    stands?.[id];
const unused = ({ internet }: Known): string | undefined =>
  internet === "bundled" ? "with the bundled internet, mhlab makes the far side" : undefined;

/** Settings that are asked for only when the usual is not wanted. */
const details = entries
  .map(({ setting }) => setting)
  .filter((setting) => setting.ask !== undefined && !("required" in setting.default));
const DETAIL_IDS = details.map(({ ask }) => ask?.flag ?? "");

/** The questions about one provider, for `init` and `provider add|edit`. */
export const providerQuestions: readonly Question[] = [
  {
    id: "name",
    flag: "name",
    kind: "text",
    message: provider.name.ask?.message ?? "",
    propose: (known) =>
      current("name")(known) ?? proposeName([...known.neighbours.map((one) => one.name), ...known.cpes]),
    check(answer, { neighbours, cpes }) {
      const problem = checkSetting(provider.name)(answer);
      if (problem !== undefined) return problem;
      if (neighbours.some((one) => one.name === answer)) return `there is already a provider ${answer}`;
      if (cpes.includes(answer)) return `the CPE is called ${answer}`;
      const reserved = RESERVED_NAMES.get(answer);
      return reserved === undefined ? undefined : `that name is reserved for ${reserved}`;
    },
  },
  {
    id: "prefix",
    flag: "prefix",
    kind: "text",
    message: provider.prefix.ask?.message ?? "",
    explain: (known) =>
      isReal(known) ? "The prefix that your server routes into this tunnel, /32 to /64." : undefined,
    propose: (known) => current("prefix")(known) ?? proposePrefix(known.neighbours),
    check(answer, known) {
      const problem = checkSetting(provider.prefix)(answer);
      const owner = problem === undefined ? overlapping(answer, known) : undefined;
      return owner === undefined ? problem : `it overlaps the prefix of ${owner}`;
    },
  },
  {
    id: "endpoint",
    flag: "endpoint",
    kind: "text",
    message: wireguard.endpoint.ask?.message ?? "",
    explain: "Where your server listens: 192.0.2.42:51820, [2001:db8::1]:51820 or name:port.",
    when: isReal,
    refuse: unused,
    propose: current("endpoint"),
    check: checkSetting(wireguard.endpoint),
  },
  {
    id: "peer",
    flag: "peer",
    kind: "text",
    message: wireguard.peer.ask?.message ?? "",
    explain: "Your server's: `wg show <interface> public-key` prints it there.",
    when: isReal,
    refuse: unused,
    propose: current("peer"),
    check: checkSetting(wireguard.peer),
  },
  {
    id: "address",
    flag: "address",
    kind: "text",
    message: wireguard.address.ask?.message ?? "",
    explain: "This side's address in the tunnel, from a network apart from the prefix.",
    when: isReal,
    refuse: unused,
    propose: (known) => current("address")(known) ?? proposeTunnelAddress(known.answers["prefix"] ?? ""),
    check: checkSetting(wireguard.address),
  },
  {
    id: "link",
    flag: "link",
    kind: "choice",
    message: "Where its customer is connected",
    when: ({ cpes, current: stands }) => cpes.length !== 1 || stands !== undefined,
    propose(known) {
      const free = known.facts.cards.find(({ carrier, against }) => carrier && against === undefined);
      const card = free === undefined ? "veth:" : `interface:${free.name}`;
      return current("link")(known) ?? (known.cpes[0] === undefined ? card : assumedLink(known));
    },
    assume: (known) => current("link")(known) ?? assumedLink(known),
    choices(known) {
      const stands = current("link")(known);
      const offered = linkChoices(known);
      if (stands === undefined || offered.some(({ value }) => value === stands)) return offered;
      return [
        { value: stands, label: stands === "" ? "as it is in the file" : `${stands}, as it is` },
        ...offered,
      ];
    },
    read: readLink,
    check: (answer, known) => (isBegun(answer) ? undefined : checkLink(answer, known)),
  },
  {
    id: "link",
    flag: "link",
    kind: "text",
    message: ({ answers }) => questionFor(answers["link"] ?? ""),
    when: ({ answers }) => isBegun(answers["link"]),
    propose: (known) => completeLink(known.answers["link"] ?? "", known),
    read: readLink,
    check: checkLink,
  },
  {
    id: "defaults",
    flag: "defaults",
    kind: "confirm",
    message: "Usual delegation and DNS?",
    explain: ({ internet }) =>
      `A /${usualJson(delegation.delegatedLength)} for each customer, preferred ${usualJson(lifetimes.preferredS)}, valid ${usualJson(lifetimes.validS)}; DNS ${internet === "bundled" ? "of the bundled internet" : "none"}.`,
    propose: ({ current: stands }) => (DETAIL_IDS.some((id) => (stands?.[id] ?? "") !== "") ? "no" : "yes"),
    check: checkYesNo,
  },
  ...details.map(detailQuestion),
];

/** A detail of the usual; left out, it is what mhlab takes. */
function detailQuestion(setting: AnySetting): Question {
  const { flag: id = "", message = "", explain } = setting.ask ?? {};
  const usual = usualJson(setting) ?? "";
  const check = checkSetting(setting);
  return {
    id,
    flag: id,
    kind: "text",
    message,
    ...(explain === undefined ? {} : { explain }),
    when: wantsDetails,
    refuse: contradiction,
    propose: (known) => current(id)(known) ?? String(usual),
    assume: (known) => current(id)(known) ?? "",
    check: (answer) => (answer === "" ? undefined : check(answer)),
  };
}

/** Answers with what they imply: who names a detail does not want the usual. */
export function withImplied(given: Answers): Answers {
  const named = given["defaults"] === undefined && DETAIL_IDS.some((id) => (given[id] ?? "") !== "");
  return named ? { ...given, defaults: "no" } : given;
}

/** Without asking: the only CPE, else a new interface of the host, which takes nothing away from it. */
function assumedLink(known: Known): string {
  return known.cpes[0] === undefined ? completeLink("veth:", known) : `cpe:${known.cpes[0]}`;
}
