import { RESERVED_NAMES } from "../names.ts";
import { lifetimes } from "../settings/lifetimes.ts";
import { provider } from "../settings/provider.ts";
import { usualJson } from "../settings/texts.ts";
import { wireguard } from "../settings/wireguard.ts";
import { NOTHING, whatEachGets } from "./customers.ts";
import { detailQuestions, hasDetails, hasNothing } from "./details.ts";
import {
  checkLink,
  completeLink,
  isBegun,
  linkChoices,
  questionFor,
  readLink,
  recallCompletion,
} from "./links.ts";
import { overlapping, proposeName, proposePrefix, proposeProbe, proposeTunnelAddress } from "./proposals.ts";
import { checkSetting, checkYesNo, type Known, type Question } from "./question.ts";
import { readAddress, readAddresses, readBare, readEndpoint, readKey } from "./written.ts";

const isReal = ({ internet }: Known): boolean => internet === "real";
const unused = ({ internet }: Known): string | undefined =>
  internet === "bundled" ? "with the bundled internet, mhlab makes the far side" : undefined;
const checkProbe = checkSetting(wireguard.probe);

/** The questions about one provider, for `init` and `provider add|edit`. */
export const providerQuestions: readonly Question[] = [
  {
    id: "name",
    flag: "name",
    kind: "text",
    message: provider.name.ask?.message ?? "",
    read: (text) => readBare(text),
    propose: ({ neighbours, cpes }) => proposeName([...neighbours.map((one) => one.name), ...cpes]),
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
      isReal(known)
        ? "What the hoster of your server routes to it, or a part of that: /32 to /64. A /56 or shorter can be delegated to many customers, a /64 to none."
        : undefined,
    read: readAddress,
    // Nobody but the server's hoster knows which one comes there.
    propose: (known) => (isReal(known) ? undefined : proposePrefix(known.neighbours)),
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
    read: readEndpoint,
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
    read: readKey,
    check: checkSetting(wireguard.peer),
  },
  {
    id: "address",
    flag: "address",
    kind: "text",
    message: wireguard.address.ask?.message ?? "",
    explain: "This side's address in the tunnel, from a network of its own that only the two ends know.",
    when: isReal,
    refuse: unused,
    read: readAddress,
    follows: "prefix",
    propose: ({ answers }) => proposeTunnelAddress(answers["prefix"] ?? ""),
    check: checkSetting(wireguard.address),
  },
  {
    id: "probe",
    flag: "probe",
    kind: "text",
    message: wireguard.probe.ask?.message ?? "",
    explain: wireguard.probe.ask?.explain ?? "",
    when: isReal,
    refuse: unused,
    read: readAddresses,
    propose: ({ answers }) => proposeProbe(answers["address"] ?? "") ?? "",
    assume: () => "",
    check: (answer) => (answer === "" ? undefined : checkProbe(answer)),
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
      return known.cpes[0] === undefined ? card : assumedLink(known);
    },
    imply: ({ cpes: [only] }) => `cpe:${only}`,
    assume: assumedLink,
    choices(known) {
      const stands = known.kept?.["link"];
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
    recall: recallCompletion,
    propose: (known) => completeLink(known.answers["link"] ?? "", known),
    read: readLink,
    check: checkLink,
  },
  {
    id: "defaults",
    flag: "defaults",
    kind: "confirm",
    message: (known) => (hasNothing(known) ? "Usual DNS?" : "Usual delegation and DNS?"),
    explain: (known) => usual(known),
    propose: ({ kept }) => (hasDetails(kept) ? "no" : "yes"),
    check: checkYesNo,
  },
  ...detailQuestions,
];

/** Without asking: the only CPE, else a new interface of the host, which takes nothing away from it. */
function assumedLink(known: Known): string {
  return known.cpes[0] === undefined ? completeLink("veth:", known) : `cpe:${known.cpes[0]}`;
}

/** What a customer gets when nothing else is wanted. */
function usual(known: Known): string {
  const dns = `DNS ${known.internet === "bundled" ? "of the bundled internet" : "none"}.`;
  if (hasNothing(known)) return `${sentence(NOTHING)}; ${dns}`;
  const prefix = known.answers["prefix"] ?? known.current?.["prefix"];
  return `${sentence(whatEachGets(prefix))}, preferred ${usualJson(lifetimes.preferredS)}, valid ${usualJson(lifetimes.validS)}; ${dns}`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
