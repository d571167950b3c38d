/** Faults of the resolvers that the provider announces. */
import type { PacketRule } from "./effects.ts";
import { address, domain, option, optional, several, span } from "./option.ts";
import { CHOICE, eachWay, forwardedWay, lasting, type Scene } from "./record.ts";

export const dnsFaults = {
  "dns-dead": lasting({
    summary: "the provider's resolvers do not answer",
    provider:
      "It drops DNS to the resolvers that it advertises (all DNS if it advertises none): port 53, UDP and TCP.",
    customer:
      "Names do not resolve, or only after a timeout through another provider's resolver; addresses work.",
    normal: "Everything but DNS.",
    advice:
      "Query the other known resolvers (RFC 8106 section 5.3, RFC 6731 section 4), each through its own provider, and do not abandon a provider because its resolver is dead.",
    directions: ["up", "down", "both"],
    options: { from: CHOICE.from },
    effects: ({ from }, scene) => {
      const servers = scene.bng.dns.length === 0 ? [undefined] : scene.bng.dns;
      return {
        packets: servers.flatMap((server) =>
          eachWay(scene, (way) => {
            const [end, port] = way === "up" ? ["daddr", "dport"] : ["saddr", "sport"];
            const to = server === undefined ? "" : ` ip6 ${end} ${server}`;
            return {
              place: "forwarded",
              match: `${forwardedWay(scene, way, { from })}${to} meta l4proto { tcp, udp } th ${port} 53`,
              verdict: "drop",
            };
          }),
        ),
      };
    },
  }),

  "dns-slow": lasting({
    summary: "the provider's resolvers answer late",
    provider: "It delays each answer of the resolvers that it advertises.",
    customer: "Every uncached name takes that long, or another resolver is queried.",
    normal: "The answers' contents, other resolvers, everything but DNS; hits are packets to its resolvers.",
    advice:
      "Query another resolver if one does not answer in time (RFC 1035 section 7.2, RFC 8106 section 5.3.1), use a late answer, remember slow resolvers, and do not treat a slow resolver as a dead provider.",
    directions: ["up"],
    options: { delay: option(span(1, 60_000), { text: "the delay", otherwise: 3000 }) },
    effects: ({ delay }, scene) => ({ dns: { delayMs: delay }, packets: countQuestions(scene) }),
  }),

  "dns-lie": lasting({
    summary: "the provider's resolvers give a wrong address for a name",
    provider:
      "The resolvers that it advertises answer for one name (by default for all) with a chosen address, and with no IPv4 address.",
    customer:
      "Queries to them lead to a wrong host; queries to another provider's resolvers to the right one.",
    normal: "Other names, other record types, other resolvers; hits are packets to its resolvers.",
    advice:
      "Validate (RFC 4035 section 4): a forged answer for a signed name is bogus. Use a resolver's answers only with its own provider (RFC 7556 section 5.2.1), and never answer from another provider's cache.",
    directions: ["up"],
    options: {
      name: optional(domain, "the name; by default all names"),
      address: option(address, {
        text: "the address in the answer",
        otherwise: 0x2001_0db8_0bad_0000_0000_0000_0000_0001n,
      }),
    },
    effects: ({ name, address: told }, scene) => ({
      dns: { lie: { name, address: told } },
      packets: countQuestions(scene),
    }),
  }),

  "dns-other-view": lasting({
    summary: "the provider's resolvers know only some domains",
    provider: "The resolvers that it advertises answer NXDOMAIN for every name outside some domains.",
    customer:
      "Most names do not exist if it uses the first answer; through another provider's resolvers they do.",
    normal:
      "Names within those domains, other resolvers, everything but DNS; hits are packets to its resolvers.",
    advice:
      "Keep the answers of each provider's resolvers separate (RFC 7556 section 5.2.1, RFC 8801 section 3.4), resolve a name through the provider that will carry the traffic (RFC 6731 section 4), and do not apply one provider's NXDOMAIN to another.",
    directions: ["up"],
    options: {
      known: optional(
        several(domain, "domain names, comma-separated"),
        "the domains that they know; none by default",
      ),
    },
    effects: ({ known = [] }, scene) => ({ dns: { known }, packets: countQuestions(scene) }),
  }),
} as const;

/** Counts what is sent to the resolvers: with UDP one hit for each question. */
function countQuestions({ id, bng }: Scene): readonly PacketRule[] {
  return bng.dns.map((server) => ({
    fault: id,
    way: "up",
    place: "port-in",
    match: `ip6 daddr ${server} meta l4proto { tcp, udp } th dport 53`,
  }));
}
