/** Faults of the resolvers that the provider announces. */
import type { PacketRule } from "./effects.ts";
import { address, domain, option, optional, several, span } from "./option.ts";
import { CHOICE, eachWay, forwardedWay, lasting, type Scene } from "./record.ts";

export const dnsFaults = {
  "dns-dead": lasting({
    summary: "the provider's resolvers do not answer",
    provider:
      "DNS to the resolvers that it announces (all DNS when it announces none) is lost: port 53, by UDP and TCP.",
    customer:
      "Names are not resolved, or after the patience of the resolver by another provider's; addresses work.",
    normal: "Everything but DNS.",
    advice:
      "Ask the other resolvers that were learned (RFC 8106 section 5.3, RFC 6731 section 4), each by its own provider, and do not give a provider up because its resolver is dead.",
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
    provider: "Each answer of the resolvers that it announces comes after a time.",
    customer: "Every name that is not in a cache takes so long, or is asked of another resolver.",
    normal: "What is answered, other resolvers, everything but DNS; hits are packets to its resolvers.",
    advice:
      "Ask another resolver when one does not answer in time (RFC 1035 section 7.2, RFC 8106 section 5.3.1), keep the answer when it comes, remember who is slow, and do not take a slow resolver for a dead provider.",
    directions: ["up"],
    options: { delay: option(span(1, 60_000), { text: "how late", otherwise: 3000 }) },
    effects: ({ delay }, scene) => ({ dns: { delayMs: delay }, packets: countQuestions(scene) }),
  }),

  "dns-lie": lasting({
    summary: "the provider's resolvers tell another address of a name",
    provider:
      "The resolvers that it announces answer for one name (for all, when none is named) with an address of its choice, and with no IPv4 address.",
    customer: "Who asks them comes to another place; who asks another provider's comes to the right one.",
    normal: "Other names, other types of records, other resolvers; hits are packets to its resolvers.",
    advice:
      "Validate (RFC 4035 section 4): a forged answer for a signed name is bogus. Use what a resolver says with the provider whose it is (RFC 7556 section 5.2.1), and answer nobody out of another provider's cache.",
    directions: ["up"],
    options: {
      name: optional(domain, "the name; left out, all names"),
      address: option(address, {
        text: "the address that is told",
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
    provider:
      "The resolvers that it announces say of every name outside of some domains that it does not exist (NXDOMAIN).",
    customer:
      "Most names do not exist, if it believes whoever answers first; by another provider's resolvers they do.",
    normal:
      "Names within those domains, other resolvers, everything but DNS; hits are packets to its resolvers.",
    advice:
      "Keep what each provider's resolvers say apart (RFC 7556 section 5.2.1, RFC 8801 section 3.4), ask for a name by the provider by which it will be used (RFC 6731 section 4), and do not let one provider's NXDOMAIN answer for another.",
    directions: ["up"],
    options: {
      known: optional(
        several(domain, "domain names with commas between"),
        "the domains that they know; left out, none",
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
