import type { Finding } from "../yaml/findings.ts";
import type { LabFile } from "./schema.ts";
import { suggest } from "../values/suggest.ts";

/** Every host on a segment of the lab is on one that a provider serves: without one, nobody advertises anything there. */
export function checkHosts({ providers, hosts = [] }: LabFile): Finding[] {
  const lans = [
    ...new Set(providers.flatMap(({ subscriber }) => (subscriber?.kind === "lan" ? [subscriber.lan] : []))),
  ];
  return hosts.flatMap(({ lan: link }, index) => {
    if (link.kind !== "lan" || lans.includes(link.lan)) return [];
    const { lan } = link;
    const meant = suggest(lan, lans);
    const otherwise =
      lans.length === 0
        ? `put providers on it: subscriber: {lan: ${lan}}`
        : `providers are on ${lans.join(", ")}; name one of these, or give a provider subscriber: {lan: ${lan}}`;
    return {
      code: "MHLAB_LAB_UNKNOWN_LAN" as const,
      message: `no provider is on a LAN ${lan}`,
      hint: meant === undefined ? otherwise : `did you mean ${meant}?`,
      path: ["hosts", index, "lan"],
    };
  });
}
