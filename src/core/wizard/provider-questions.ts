import { formatDuration, MAX_LIFETIME_S } from "../values/units.ts";
import { duration, integer, name } from "../values/scalars.ts";
import { address, endpoint, prefix, publicKey, tunnelAddress } from "../values/scalars-network.ts";
import { MAX_PROVIDER_NAME, RESERVED_NAMES } from "../names.ts";
import { checkLink, completeLink, linkChoices } from "./links.ts";
import { cardsByAdvice, objection } from "./machine.ts";
import { overlapping, proposeName, proposePrefix, proposeTunnelAddress } from "./proposals.ts";
import { checkBy, checkOptional, checkYesNo, type Answers, type Known, type Question } from "./question.ts";

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

/** The questions about one provider, for `init` and `provider add|edit`. */
export const providerQuestions: readonly Question[] = [
  {
    id: "name",
    flag: "name",
    kind: "text",
    message: "Name",
    propose: (known) =>
      current("name")(known) ?? proposeName([...known.neighbours.map((one) => one.name), ...known.cpes]),
    check(answer, { neighbours, cpes }) {
      const problem = checkBy(
        name(MAX_PROVIDER_NAME, "its tunnel is called wg-<name>, and Linux allows 15 characters"),
      )(answer);
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
    message: "Prefix",
    explain: (known) =>
      isReal(known) ? "The prefix that your server routes into this tunnel, /32 to /64." : undefined,
    propose: (known) => current("prefix")(known) ?? proposePrefix(known.neighbours),
    check(answer, known) {
      const problem = checkBy(prefix(32, 64))(answer);
      const owner = problem === undefined ? overlapping(answer, known) : undefined;
      return owner === undefined ? problem : `it overlaps the prefix of ${owner}`;
    },
  },
  {
    id: "endpoint",
    flag: "endpoint",
    kind: "text",
    message: "Endpoint",
    explain: "Where your server listens: 192.0.2.42:51820, [2001:db8::1]:51820 or name:port.",
    when: isReal,
    refuse: unused,
    propose: current("endpoint"),
    check: checkBy(endpoint),
  },
  {
    id: "peer",
    flag: "peer",
    kind: "text",
    message: "Public key",
    explain: "Your server's: `wg show <interface> public-key` prints it there.",
    when: isReal,
    refuse: unused,
    propose: current("peer"),
    check: checkBy(publicKey),
  },
  {
    id: "address",
    flag: "address",
    kind: "text",
    message: "Tunnel address",
    explain: "This side's address in the tunnel, from a network apart from the prefix.",
    when: isReal,
    refuse: unused,
    propose: (known) => current("address")(known) ?? proposeTunnelAddress(known.answers["prefix"] ?? ""),
    check: checkBy(tunnelAddress),
  },
  {
    id: "link",
    flag: "link",
    kind: "choice",
    message: "Where its customer is connected",
    when: ({ cpes, current: stands }) => cpes.length !== 1 || stands !== undefined,
    propose(known) {
      const free = cardsByAdvice(known.facts).find((nic) => nic.carrier && objection(nic) === undefined);
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
    check: (answer, known) => (answer.endsWith(":") ? undefined : checkLink(answer, known)),
  },
  {
    id: "link",
    flag: "link",
    kind: "text",
    message: ({ answers }) => (answers["link"]?.startsWith("vlan") ? "Card and VLAN id" : "Its name"),
    when: ({ answers }) => answers["link"]?.endsWith(":") === true,
    propose: (known) => completeLink(known.answers["link"] ?? "", known),
    check: checkLink,
  },
  {
    id: "defaults",
    flag: "defaults",
    kind: "confirm",
    message: "Usual delegation and DNS?",
    explain: ({ internet }) =>
      `A /56 for each customer, preferred ${formatDuration(1800)}, valid ${formatDuration(14_400)}; DNS ${internet === "bundled" ? "of the bundled internet" : "none"}.`,
    propose: ({ current: stands }) => (DETAILS.some((id) => (stands?.[id] ?? "") !== "") ? "no" : "yes"),
    check: checkYesNo,
  },
  {
    id: "length",
    flag: "length",
    kind: "text",
    message: "Length of a delegation",
    when: wantsDetails,
    refuse: contradiction,
    propose: (known) => current("length")(known) ?? "56",
    assume: (known) => current("length")(known) ?? "",
    check: checkOptional(integer(48, 64)),
  },
  {
    id: "preferred",
    flag: "preferred",
    kind: "text",
    message: "Preferred lifetime",
    when: wantsDetails,
    refuse: contradiction,
    propose: (known) => current("preferred")(known) ?? "30m",
    assume: (known) => current("preferred")(known) ?? "",
    check: checkOptional(duration(1, MAX_LIFETIME_S)),
  },
  {
    id: "valid",
    flag: "valid",
    kind: "text",
    message: "Valid lifetime",
    when: wantsDetails,
    refuse: contradiction,
    propose: (known) => current("valid")(known) ?? "4h",
    assume: (known) => current("valid")(known) ?? "",
    check: checkOptional(duration(1, MAX_LIFETIME_S)),
  },
  {
    id: "dns",
    flag: "dns",
    kind: "text",
    message: "DNS servers",
    explain: "Addresses with blanks between; nothing for the default.",
    when: wantsDetails,
    refuse: contradiction,
    propose: (known) => current("dns")(known) ?? "",
    check: (answer) =>
      wordsOf(answer)
        .map(checkBy(address))
        .find((problem) => problem !== undefined),
  },
];

const DETAILS = ["length", "preferred", "valid", "dns"];

/** Answers with what they imply: who names a detail does not want the usual. */
export function withImplied(given: Answers): Answers {
  const named = given["defaults"] === undefined && DETAILS.some((id) => (given[id] ?? "") !== "");
  return named ? { ...given, defaults: "no" } : given;
}

/** The words of an answer that takes several. */
export function wordsOf(answer: string): string[] {
  return answer.split(/[\s,]+/).filter((word) => word !== "");
}

/** Without asking: the only CPE, else a new interface of the host, which takes nothing away from it. */
function assumedLink(known: Known): string {
  return known.cpes[0] === undefined ? completeLink("veth:", known) : `cpe:${known.cpes[0]}`;
}
