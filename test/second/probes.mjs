// Probes as the wire shows them: STAMP (RFC 8762, with the session of RFC 8972), by UDP or in the data of an ICMPv6 echo.
import { canonical } from "./addresses.mjs";

const STAMP_PORT = 862;
const [ECHO_REQUEST, ECHO_REPLY] = [128, 129];
const [UDP, ICMPV6] = [17, 58];
/** A STAMP packet of mhlab has 64 bytes: 44 and one TLV. */
const PROBE_DIGITS = 128;
/** An answer that comes later is none. */
export const TIMEOUT_S = 2;

/**
 * All probes that were seen, each at the point of capture that saw it first, which is nearest its sender; `answeredS` is when
 * its answer passed there, or null. `packets` are in the order of time.
 */
export function probesOn(packets) {
  const probes = new Map();
  for (const [packet, found] of packets.flatMap((one) => readProbes(one).map((probe) => [one, probe]))) {
    const { isAnswer, source, target, session, seq } = found;
    const key = `${canonical(source)} ${canonical(target)} ${session} ${seq}`;
    const known = probes.get(key);
    if (!isAnswer && known === undefined)
      probes.set(key, { source, target, session, seq, atS: packet.atS, port: packet.port, answeredS: null });
    if (!isAnswer || known === undefined || known.answeredS !== null || known.port !== packet.port) continue;
    if (packet.atS - known.atS <= TIMEOUT_S) known.answeredS = packet.atS;
  }
  return [...probes.values()];
}

/** Offloads may have put several into one packet, one after the other. */
function readProbes(packet) {
  const { payload } = packet;
  const isSeveral = payload.length > PROBE_DIGITS && payload.length % PROBE_DIGITS === 0;
  const parts = isSeveral ? payload.match(new RegExp(`.{${PROBE_DIGITS}}`, "g")) : [payload];
  return parts.map((part) => readProbe({ ...packet, payload: part })).filter((probe) => probe !== null);
}

function readProbe({ next, sport, dport, icmp, payload, isWhole, src, dst }) {
  const isUdp = next === UDP && (dport === STAMP_PORT || sport === STAMP_PORT);
  const isEcho = next === ICMPV6 && (icmp === ECHO_REQUEST || icmp === ECHO_REPLY);
  if ((!isUdp && !isEcho) || !isWhole || payload.length < 88) return null;
  const word = (byte, length) => parseInt(payload.slice(2 * byte, 2 * (byte + length)), 16);
  const isAnswer = isUdp ? sport === STAMP_PORT : icmp === ECHO_REPLY;
  // A reflector puts its own number first, and that of the sender at byte 24.
  const seq = word(isUdp && isAnswer ? 24 : 0, 4);
  const [source, target] = isAnswer ? [dst, src] : [src, dst];
  return { isAnswer, source, target, seq, session: word(14, 2) };
}

/** The outages of probes of one source and target, in order: from the first probe without an answer to the next with one. */
export function outagesOf(series, lastOfAllS) {
  const found = [];
  let open = null;
  for (const { atS, isAnswered } of series) {
    if (!isAnswered) {
      open ??= { fromS: atS, lost: 0 };
      open.lost += 1;
    } else if (open !== null) {
      found.push({ ...open, toS: atS });
      open = null;
    }
  }
  if (open === null) return found;
  // A source that nobody probes any more while others go on has gone, and its outage ended with it.
  const lastS = series.at(-1).atS;
  const intervals = series.slice(1).map(({ atS }, index) => atS - series[index].atS);
  const usual = intervals.sort((one, other) => one - other)[Math.floor(intervals.length / 2)] ?? 0;
  const hasGone = lastOfAllS - lastS > Math.max(1, 3 * usual);
  return [...found, { ...open, toS: hasGone ? lastS : null }];
}
