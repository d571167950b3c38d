import { formatPrefix6, parsePrefix6, subnetCount } from "../../core/model/ip6.ts";
import { RESERVED_NAMES } from "../../core/model/names.ts";
import { defaultDelegatedLength, defaultPool } from "../../core/model/settings/delegation.ts";
import { lifetimes } from "../../core/model/settings/lifetimes.ts";
import { provider } from "../../core/model/settings/provider.ts";
import { entries } from "../../core/model/settings/registry.ts";
import type { AnySetting } from "../../core/model/settings/setting.ts";
import { usualJson } from "../../core/model/settings/texts.ts";
import { wireguard } from "../../core/model/settings/wireguard.ts";
import { parseDuration } from "../../core/model/values/units.ts";
import { linkQuestion } from "./links.ts";
import { overlapping, proposeName, proposePrefix, proposeProbe, proposeTunnelAddress } from "./proposals.ts";
import { checkSetting, type Answers, type Known, type Question } from "./question.ts";
import {
  readAddress,
  readAddresses,
  readBare,
  readDuration,
  readEndpoint,
  readKey,
  readLength,
} from "./written.ts";

/** A setting that the wizard asks for only when the defaults are declined. */
export function isDetail({ ask, default: usual }: AnySetting): boolean {
  return ask !== undefined && ask.always !== true && !("required" in usual);
}

const details = entries.map(({ setting }) => setting).filter(isDetail);

const checkName = checkSetting(provider.name);
const checkPrefix = checkSetting(provider.prefix);
const checkProbe = checkSetting(wireguard.probe);

const DETAIL_READERS: Readonly<Record<string, (text: string) => string>> = {
  length: readLength,
  preferred: readDuration,
  valid: readDuration,
  dns: readAddresses,
};

/** A question about the tunnel to a server of the user's. */
function tunnelQuestion(setting: AnySetting, more: Partial<Question>): Question {
  return {
    ...textQuestion(setting),
    when: ({ internet }) => internet === "real",
    refuse: ({ internet }) =>
      internet === "bundled" ? "with the bundled internet, mhlab makes the tunnel endpoint" : undefined,
    ...more,
  };
}

function detailQuestion(setting: AnySetting): Question {
  const question = textQuestion(setting);
  const read = DETAIL_READERS[question.id];
  const delegates = setting.path.startsWith("delegation.");
  return {
    ...question,
    ...(read === undefined ? {} : { read }),
    when: (known) => known.answers["defaults"] === "no" && !(delegates && delegable(known) === "nothing"),
    // The file does not mention defaults.
    imply: ({ answers }) => (answers["defaults"] === "yes" ? "" : undefined),
    propose: (known) => defaultOf(setting, known),
    assume: () => "",
    check: (answer, known) => (answer === "" ? undefined : question.check(answer, known)),
  };
}

function textQuestion(setting: AnySetting): Question {
  const { flag: id = "", message = "", explain } = setting.ask ?? {};
  return {
    id,
    kind: "text",
    message,
    ...(explain === undefined ? {} : { explain }),
    check: checkSetting(setting),
  };
}

/** The questions about one provider, for `init` and `provider add|edit`. */
export const providerQuestions: readonly Question[] = [
  {
    ...textQuestion(provider.name),
    read: (text) => readBare(text),
    propose: ({ neighbours, cpes }) => proposeName([...neighbours.map((one) => one.name), ...cpes]),
    check(answer, { neighbours, cpes }) {
      const problem = checkName(answer);
      if (problem !== undefined) return problem;
      if (neighbours.some((one) => one.name === answer)) return `there is already a provider ${answer}`;
      if (cpes.includes(answer)) return `the CPE is called ${answer}`;
      const reserved = RESERVED_NAMES.get(answer);
      return reserved === undefined ? undefined : `that name is reserved for ${reserved}`;
    },
  },
  {
    ...textQuestion(provider.prefix),
    explain: ({ internet }) =>
      internet === "real"
        ? "The prefix that is routed to your server, or a part of it: /32 to /64. A /56 or shorter can be delegated to many customers, a /64 to none."
        : undefined,
    read: readAddress,
    // Only the server's hoster knows which prefix it routes there.
    propose: ({ internet, neighbours }) => (internet === "real" ? undefined : proposePrefix(neighbours)),
    check(answer, known) {
      const problem = checkPrefix(answer);
      const owner = problem === undefined ? overlapping(answer, known) : undefined;
      return owner === undefined ? problem : `it overlaps the prefix of ${owner}`;
    },
  },
  tunnelQuestion(wireguard.endpoint, {
    explain: "Where your server listens: 192.0.2.42:51820, [2001:db8::1]:51820 or name:port.",
    read: readEndpoint,
  }),
  tunnelQuestion(wireguard.peer, {
    explain: "Your server's: `wg show <interface> public-key` prints it there.",
    read: readKey,
  }),
  tunnelQuestion(wireguard.address, {
    explain: "This side's address in the tunnel, from a network that only the two ends use.",
    read: readAddress,
    propose: ({ answers }) => proposeTunnelAddress(answers["prefix"] ?? ""),
    // Without a prefix, only the prefix is reported as missing.
    assume: ({ answers }) => proposeTunnelAddress(answers["prefix"] ?? "") ?? "",
  }),
  tunnelQuestion(wireguard.probe, {
    read: readAddresses,
    propose: ({ answers }) => proposeProbe(answers["address"] ?? "") ?? "",
    assume: () => "",
    check: (answer) => (answer === "" ? undefined : checkProbe(answer)),
  }),
  linkQuestion,
  {
    id: "defaults",
    kind: "confirm",
    message: (known) => (delegable(known) === "nothing" ? "Default DNS?" : "Default delegation and DNS?"),
    explain: describeDefaults,
    propose: ({ current }) => (hasDetails(current) ? "no" : "yes"),
    check: () => undefined,
  },
  ...details.map(detailQuestion),
];

/** Whether a provider has settings other than the defaults. */
function hasDetails(answers: Answers | undefined): boolean {
  return details.some(({ ask }) => (answers?.[ask?.flag ?? ""] ?? "") !== "");
}

/** The options of a provider: one that gives a detail declines the defaults. */
export function withImplied(given: Answers): Answers {
  return hasDetails(given) ? { ...given, defaults: "no" } : given;
}

/** What can be delegated of a prefix: `nothing` of a /64, undefined when there is no prefix (yet), such as a variable. */
export function delegableOf(prefix: string): ReturnType<typeof defaultPool> | "nothing" {
  const own = parsePrefix6(prefix);
  return own === undefined ? undefined : (defaultPool(own) ?? "nothing");
}

function delegable({ answers, current }: Known): ReturnType<typeof delegableOf> {
  return delegableOf(answers["prefix"] ?? current?.["prefix"] ?? "");
}

function describeDefaults(known: Known): string {
  const dns = known.internet === "bundled" ? "DNS of the bundled internet." : "no DNS.";
  const pool = delegable(known);
  if (pool === "nothing")
    return `A single /64: nothing to delegate, customers configure addresses from it (SLAAC); ${dns}`;
  const times = `preferred ${usualJson(lifetimes.preferredS)}, valid ${usualJson(lifetimes.validS)}; ${dns}`;
  if (pool === undefined) return `A prefix for each customer, ${times}`;
  const length = defaultDelegatedLength(pool);
  const count = subnetCount(pool, length);
  return count === 1n
    ? `A /${length} for one customer (${formatPrefix6(pool)}), ${times}`
    : `A /${length} for each of ${count} customers, ${times}`;
}

/** The default of a setting, given the answers so far. */
function defaultOf(setting: AnySetting, { answers, internet }: Known): string {
  const { default: usual, codec } = setting;
  if (!("one" in codec.lab) || !("from" in usual)) {
    return String(usualJson(setting) ?? "");
  }
  const prefix = parsePrefix6(answers["prefix"] ?? "");
  const value: unknown = usual.from({
    name: answers["name"],
    prefix,
    pool: prefix === undefined ? undefined : defaultPool(prefix),
    endpoint: undefined,
    preferredS: parseDuration(answers["preferred"] ?? "") ?? 0,
    givenValidS: undefined,
    pvd: {},
    resolver: undefined,
    linePreset: undefined,
    internet,
  });
  return String(codec.lab.one.toJson(value));
}
