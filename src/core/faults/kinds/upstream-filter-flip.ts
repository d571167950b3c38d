import { option, span, word } from "../option.ts";
import { CHOICE, eachWay, forwardedWay } from "../packets.ts";
import { lasting } from "../record.ts";
import { inTurns } from "../turns.ts";

export const upstreamFilterFlip = lasting({
  summary: "source validation changes its mind in the middle of flows",
  provider:
    "A filter behind its BNG refuses the customers' source addresses and lets them pass, in turns, beginning with refusing (BCP 38 gone wrong).",
  customer:
    "Connections that were fine are refused, and work again; with `from`, only those with such a source.",
  normal: "Router advertisements, DHCPv6, the tunnel; the BNG's own source validation.",
  advice:
    "Take ICMPv6 code 5 as a word about this source address, not about the destination, and try another source (RFC 8678 section 5, RFC 8028 section 3.2), but come back: RFC 6724 does not make an address bad for ever.",
  directions: ["up"],
  options: {
    period: option(span(200, 3_600_000), { text: "how long each turn is", otherwise: 10_000 }),
    answer: option(word(["policy-fail", "drop"] as const), {
      text: "how a source is refused",
      otherwise: "policy-fail",
    }),
    ...CHOICE,
  },
  explains: ["unreachable"],
  effects({ period, answer, ...choice }, scene) {
    const { first, changesInMs } = inTurns(scene.elapsedMs, period, period);
    const verdict = answer === "drop" ? "drop" : `reject with icmpv6 type ${answer}`;
    const refusing = (): ReturnType<typeof eachWay> =>
      eachWay(scene, (way) => ({ place: "forwarded", match: forwardedWay(scene, way, choice), verdict }));
    return { packets: first ? refusing() : [], changesInMs };
  },
});
