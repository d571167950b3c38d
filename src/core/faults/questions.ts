/** Rules that count DNS questions to the provider's resolvers, for kinds that lie in the answers. */
import type { PacketRule } from "./effects.ts";
import type { Scene } from "./record.ts";

/** Counts what is sent to them: with UDP one hit for each question. */
export function countQuestions({ id, ground }: Scene): readonly PacketRule[] {
  return ground.dns.map((server) => ({
    fault: id,
    way: "up",
    place: "port-in",
    match: `ip6 daddr ${server} meta l4proto { tcp, udp } th dport 53`,
  }));
}
