import { pvdInformation } from "../internet/pvd.ts";
import { formatPrefix6, type Prefix6 } from "../ip6.ts";
import { stableHash } from "../names.ts";
import { domain } from "../values/scalars-network.ts";
import { onOff, seconds, text, texts, whole } from "./codec.ts";
import { setting, type Basis, type Section, type Values } from "./setting.ts";

const USUAL_EXPIRES_S = 3600;

/** The provisioning domain that a provider is (RFC 8801). */
export const pvd = {
  name: setting({
    path: "pvd.name",
    codec: text<string>({
      read: domain,
    }),
    default: { value: undefined },
    group: "router advertisements",
    live: true,
    text: {
      schema: "The PvD ID: a domain name that is the provider's alone.",
      lab: "the PvD ID: a domain name that is the provider's alone. It makes the PvD option of router advertisements",
    },
    examples: ["alpha.example"],
  }),
  http: setting({
    path: "pvd.http",
    codec: onOff,
    default: {
      from: ({ internet, pvd: id }) => internet === "bundled" && id.name !== undefined,
      says: "with `internet: bundled`, `true`; else `false`",
    },
    group: "router advertisements",
    live: true,
    text: {
      schema: "H flag: whether there is more to read at https://<name>/.well-known/pvd.",
      lab: "H flag: whether there is more to read at `https://<name>/.well-known/pvd`; the bundled internet serves it",
    },
  }),
  delay: setting({
    path: "pvd.delay",
    codec: whole(0, 15),
    default: { value: 0 },
    group: "router advertisements",
    live: true,
    text: {
      schema: "Who fetches it waits at random up to 2^(delay × 2) milliseconds.",
      lab: "0 to 15: who fetches it waits at random up to 2^(2 × delay) ms",
    },
  }),
  sequence: setting({
    path: "pvd.sequence",
    codec: whole(0, 65_535),
    default: {
      from: (basis) => sequenceOf(basis.pvd, basis.prefix),
      says: "follows from what is served",
    },
    group: "router advertisements",
    live: true,
    text: {
      schema: "Sequence number: another one says that there is something new to fetch.",
      lab: "0 to 65535: another one says that there is something new to fetch",
    },
    examples: [1],
  }),
  noInternet: setting({
    path: "pvd.no-internet",
    codec: onOff,
    default: { value: false },
    group: "router advertisements",
    elsewhere: true,
    text: {
      schema: "`noInternet` of what is served: the provider is no way to the internet.",
      lab: "`noInternet` of what is served: the provider is no way to the internet, such as a walled garden",
    },
  }),
  zones: setting({
    path: "pvd.zones",
    codec: texts(domain),
    default: { value: [] },
    group: "router advertisements",
    elsewhere: true,
    text: {
      schema: "`dnsZones` of what is served: domains that only this provider's resolver knows.",
      lab: "`dnsZones` of what is served: list of domains that only this provider's resolver knows",
    },
    item: "A domain.",
    examples: ["corp.alpha.example"],
  }),
  expiresS: setting({
    path: "pvd.expires",
    codec: seconds(1, 31_536_000),
    default: { value: USUAL_EXPIRES_S },
    group: "router advertisements",
    elsewhere: true,
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
