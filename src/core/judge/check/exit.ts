import { containsAddress, parseIp6, parsePrefix6 } from "../../model/ip6.ts";
import type { Granted } from "./facts.ts";
import { finding, seen, type Finding, type Looking } from "./finding.ts";
import { values, type Packet } from "./packets.ts";
import type { Rule } from "./requirement.ts";

/** Judges whether packets with a delegated source are on the link to the provider that delegated it. */
export function judgeExit(rule: Rule & { readonly kind: "exit" }, { matching, facts }: Looking): Finding {
  const packets = matching(rule.of);
  const observed = [seen(rule.of, packets)];
  const delegating = new Set(facts.granted.map(({ file }) => file));
  if (delegating.size < 2)
    return {
      ...finding([], [], observed, ""),
      verdict: "not-applicable",
      reason: "fewer than two providers delegated a prefix",
    };
  const samples = packets.flatMap((packet) => {
    const owners = facts.granted.filter((grant) => isFrom(packet, grant)).map(({ file }) => file);
    return owners.length === 0 ? [] : [{ packet, owners }];
  });
  const wrong = samples.filter(({ packet, owners }) => !owners.includes(packet.file));
  return finding(
    samples.map(({ packet }) => packet),
    wrong.map(({ packet }) => packet),
    observed,
    `${wrong.length} of ${samples.length} packets left by a provider that has not delegated their source`,
  );
}

function isFrom(packet: Packet, { network, length }: Granted): boolean {
  // Others are of packets inside of it, such as that which an ICMPv6 error is about.
  const [source] = values(packet, "ipv6.src");
  const [address, prefix] = [parseIp6(source ?? ""), parsePrefix6(`${network}/${length}`)];
  return address !== undefined && prefix !== undefined && containsAddress(prefix, address);
}
