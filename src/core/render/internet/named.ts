/** The resolvers that single providers have: BIND's named, with a view for each (RFC 1034, 6147). */
import { canonicalDomain } from "../../model/values/parse.ts";
import { INTERNET_ADDRESS, INTERNET_ADDRESS4, IPV4_ONLY_NAME } from "../../model/internet/config.ts";
import type { ResolverService } from "../../model/internet/services.ts";

/** The resolver of one provider. */
export interface Resolver extends ResolverService {
  readonly provider: string;
}

/** Answers hold so long, in seconds. */
const TTL_S = 60;
const NAME_SERVER = "ns.internet.example.";

/** The file with what a provider's resolver answers. */
export function zoneFile(folder: string, { provider }: Pick<Resolver, "provider">): string {
  return `${folder}/${provider}.zone`;
}

/** named's configuration: it asks nobody, and whoever asks an address of a provider's resolver gets that provider's answers. */
export function renderNamed(folder: string, resolvers: readonly Resolver[]): string {
  const addresses = resolvers.map(({ address }) => `${address};`).join(" ");
  const lines = [
    "options {",
    `  directory "${folder}";`,
    "  pid-file none;",
    "  session-keyfile none;",
    "  listen-on { none; };",
    `  listen-on-v6 { ${addresses} };`,
    "  recursion yes;",
    "  allow-recursion { any; };",
    "  allow-query { any; };",
    "  allow-query-cache { any; };",
    "  allow-transfer { none; };",
    "  notify no;",
    "  dnssec-validation no;",
    "  empty-zones-enable no;",
    "  minimal-responses yes;",
    "  max-cache-size 2m;",
    "  version none;",
    "  hostname none;",
    "};",
    "controls { };",
    "logging {",
    "  channel agent { stderr; severity error; };",
    "  category default { agent; };",
    "};",
    ...resolvers.flatMap((resolver) => view(folder, resolver)),
  ];
  return `${lines.join("\n")}\n`;
}

function view(folder: string, resolver: Resolver): string[] {
  const { provider, address, dns64 } = resolver;
  return [
    `view "${provider}" {`,
    `  match-destinations { ${address}; };`,
    // The prefix of an answer may itself be one that was made.
    ...(dns64 === undefined
      ? []
      : [`  dns64 ${dns64} { clients { any; }; exclude { ::ffff:0:0/96; ${dns64}; }; };`]),
    `  zone "." { type primary; file "${zoneFile(folder, resolver)}"; };`,
    "};",
  ];
}

/** All that a resolver knows, from the root on: `names` have the address of the internet, answers of its own come first. */
export function renderZone({ answers }: Resolver, names: readonly string[]): string {
  const own = new Set(answers.map(({ name }) => absolute(name)));
  const common: [string, string][] = [
    ...names.map((name): [string, string] => [absolute(name), INTERNET_ADDRESS]),
    [absolute(IPV4_ONLY_NAME), INTERNET_ADDRESS4],
  ];
  const records = [
    ...common.filter(([name]) => !own.has(name)),
    ...answers.map(({ name, address }): [string, string] => [absolute(name), address]),
  ];
  return [
    `$TTL ${TTL_S}`,
    // Nobody copies it, so its number says nothing.
    `. SOA ${NAME_SERVER} hostmaster.internet.example. 1 3600 600 86400 ${TTL_S}`,
    `. NS ${NAME_SERVER}`,
    `${NAME_SERVER} AAAA ${INTERNET_ADDRESS}`,
    ...new Set(records.map(([name, address]) => `${name} ${typeOf(address)} ${address}`)),
    "",
  ].join("\n");
}

function absolute(name: string): string {
  return `${canonicalDomain(name)}.`;
}

function typeOf(address: string): "A" | "AAAA" {
  return address.includes(":") ? "AAAA" : "A";
}
