import { CHOICE, eachWay, forwardedWay } from "../packets.ts";
import { lasting } from "../record.ts";

export const dnsDead = lasting({
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
  explains: [],
  effects: ({ from }, scene) => {
    const servers = scene.ground.dns.length === 0 ? [undefined] : scene.ground.dns;
    return {
      packets: servers.flatMap((server) =>
        eachWay(scene, (way) => {
          const [address, port] = way === "up" ? ["daddr", "dport"] : ["saddr", "sport"];
          const to = server === undefined ? "" : ` ip6 ${address} ${server}`;
          return {
            place: "forwarded",
            match: `${forwardedWay(scene, way, { from })}${to} meta l4proto { tcp, udp } th ${port} 53`,
            verdict: "drop",
          };
        }),
      ),
    };
  },
});
