import { pvdInformation } from "../internet/pvd.ts";
import { formatPrefix6, type Prefix6 } from "../ip6.ts";
import { stableHash } from "../names.ts";
import { parseDomain } from "../values/parse.ts";
import { domain } from "../values/scalars-network.ts";
import { onOff, seconds, text, texts, whole } from "./codec.ts";
import { setting, type Basis, type Section, type Values } from "./setting.ts";

const USUAL_EXPIRES_S = 3600;

/** The provisioning domain that a provider is (RFC 8801). */
export const pvd = {
  name: setting({
    path: "pvd.name",
    variable: "PVD",
    codec: text<string>({
      read: domain,
      parse: parseDomain,
      right: "a domain name",
      format: (value) => value,
    }),
    default: { value: undefined },
    group: "router advertisements",
    live: true,
    text: {
      schema: "The PvD ID: a domain name that is the provider's alone.",
      lab: "the PvD ID: a domain name that is the provider's alone. It makes the PvD option of router advertisements",
      environment: "the PvD ID of the PvD option, a domain name (RFC 8801)",
    },
    examples: ["alpha.example"],
  }),
  http: setting({
    path: "pvd.http",
    variable: "PVD_HTTP",
    codec: onOff,
    default: {
      from: ({ internet, pvd: id }) => internet === "bundled" && id.name !== undefined,
      says: { lab: "with `internet: bundled`, `true`; else `false`", environment: "`no`" },
    },
    group: "router advertisements",
    live: true,
    quiet: true,
    text: {
      schema: "H flag: whether there is more to read at https://<name>/.well-known/pvd.",
      lab: "H flag: whether there is more to read at `https://<name>/.well-known/pvd`; the bundled internet serves it",
      environment: "H flag of the PvD option: there is more at `https://<name>/.well-known/pvd`",
    },
  }),
  delay: setting({
    path: "pvd.delay",
    variable: "PVD_DELAY",
    codec: whole(0, 15),
    default: { value: 0 },
    group: "router advertisements",
    live: true,
    quiet: true,
    text: {
      schema: "Who fetches it waits at random up to 2^(delay × 2) milliseconds.",
      lab: "0 to 15: who fetches it waits at random up to 2^(2 × delay) ms",
      environment: "delay of the PvD option, 0 to 15",
    },
  }),
  sequence: setting({
    path: "pvd.sequence",
    variable: "PVD_SEQUENCE",
    codec: whole(0, 65_535),
    default: {
      from: (basis) => sequenceOf(basis.pvd, basis.prefix),
      says: { lab: "follows from what is served", environment: "follows from name and prefix" },
    },
    group: "router advertisements",
    live: true,
    quiet: true,
    text: {
      schema: "Sequence number: another one says that there is something new to fetch.",
      lab: "0 to 65535: another one says that there is something new to fetch",
      environment: "sequence number of the PvD option: another one says that there is something new",
    },
    examples: [1],
  }),
  noInternet: setting({
    path: "pvd.no-internet",
    variable: undefined,
    codec: onOff,
    default: { value: false },
    group: "router advertisements",
    text: {
      schema: "`noInternet` of what is served: the provider is no way to the internet.",
      lab: "`noInternet` of what is served: the provider is no way to the internet, such as a walled garden",
    },
  }),
  zones: setting({
    path: "pvd.zones",
    variable: undefined,
    codec: texts({ read: domain, parse: parseDomain, right: "domain names with commas between" }),
    default: { value: [] },
    group: "router advertisements",
    text: {
      schema: "`dnsZones` of what is served: domains that only this provider's resolver knows.",
      lab: "`dnsZones` of what is served: list of domains that only this provider's resolver knows",
    },
    item: "A domain.",
    examples: ["corp.alpha.example"],
  }),
  expiresS: setting({
    path: "pvd.expires",
    variable: undefined,
    codec: seconds(1, 31_536_000),
    default: { value: USUAL_EXPIRES_S },
    group: "router advertisements",
    text: {
      schema: "How long what is served holds, after it was fetched.",
      lab: "how long what is served holds, after it was fetched (`expires`)",
    },
  }),
} satisfies Section;

export type PvdValues = Values<typeof pvd>;

/** Another number for everything else that a host would read. */
function sequenceOf({ name, noInternet, zones }: Basis["pvd"], prefix: Prefix6 | undefined): number {
  if (name === undefined || prefix === undefined) return 0;
  const served = pvdInformation({
    name,
    noInternet: noInternet === true,
    zones: zones ?? [],
    prefixes: [formatPrefix6(prefix)],
  });
  return stableHash(JSON.stringify(served)) & 0xffff;
}
