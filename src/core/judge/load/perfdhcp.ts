/** Customers by the thousand: perfdhcp (Kea's own) asks the DHCPv6 server at an access link. */
import { counted } from "../../model/words.ts";
import { flag, oneOf, whole } from "../scenario/entries/values.ts";
import { loadKind, type LoadReader, type LoadValue } from "./kind.ts";

const USUAL = { clients: 1000, rate: 100 } as const;
/** Of the first customer's DUID, so that a later load plays the same customers. */
const FIRST_MAC = "02:f1:ee:00:00:00";
const SETTLE_US = 1_000_000;
const US_PER_S = 1e6;

/**
 * Runs perfdhcp with the words that follow, as nobody, at a port of its own of the access link: a macvlan with a MAC of its own,
 * always the same, because a BNG gives nobody's lease to another MAC. The port hears no advertisements: it is to have a
 * link-local address alone, which is sent from once it is no duplicate.
 */
const AT_A_PORT = `link=$1; shift
port=fleet$$
leave() { nft delete table netdev $port; ip link del $port; } 2> /dev/null
trap leave EXIT
trap 'kill -INT $tool; sleep 1; kill -KILL $tool; exit 0' TERM INT
ip link add $port link "$link" address 02:f1:ee:ff:00:01 type macvlan mode bridge || exit 1
nft "table netdev $port { chain in { type filter hook ingress device $port priority 0; icmpv6 type nd-router-advert drop; }; }" || exit 1
ip link set $port up
for _ in $(seq 1 50); do
  from=$(ip -6 -o addr show dev $port scope link -tentative | awk '{ sub("/.*", "", $4); print $4 }')
  [ -n "$from" ] && break
  sleep 0.1
done
[ -n "$from" ] || { echo "the port of the fleet has no link-local address" >&2; exit 1; }
setpriv --reuid=nobody --regid=nogroup --clear-groups --no-new-privs stdbuf --output=L perfdhcp -6 -l "$from" "$@" all &
tool=$!
wait $tool`;

/** Exit codes of perfdhcp(8): 3: some exchanges were not completed, which is a result. */
const INCOMPLETE = 3;

export const perfdhcp = loadKind({
  summary: "plays customers at an access link who ask for prefixes by DHCPv6, and measures their leases",
  tool: "kea-admin",
  options: {
    clients: whole(1, 32_768, "How many customers, each with its own DUID.", USUAL.clients).optional(),
    rate: whole(1, 10_000, "How many begin in a second.", USUAL.rate).optional(),
    ask: oneOf(["prefix-only", "address-only", "address-and-prefix"], "What they ask for.").optional(),
    avalanche: flag(
      "All begin at once, and repeat with back-off until each has an answer, as after an outage; without `rate`.",
    ).optional(),
  },
  check: ({ avalanche, rate }) =>
    avalanche === true && rate !== undefined
      ? ["rate", "an avalanche has no rate: all begin at once", "leave one of the two out"]
      : undefined,
  longestS: 600,
  port: 547,
  atLink: true,
  goodExits: [INCOMPLETE],
  endsItself: false,
  extension: "log",
  metrics: ["lease-rate", "advertise", "session", "drops"],
  server: () => null,
  client: ({ target, forS, options }) => [
    "sh",
    "-c",
    AT_A_PORT,
    "sh",
    target,
    "-e",
    options.ask ?? "prefix-only",
    "-b",
    `mac=${FIRST_MAC}`,
    "-b",
    "duid=00030001000000000000",
    "-R",
    String(options.clients ?? USUAL.clients),
    ...(options.avalanche === true
      ? ["--scenario", "avalanche"]
      : [
          "-r",
          String(options.rate ?? USUAL.rate),
          "-n",
          String(options.clients ?? USUAL.clients),
          "-p",
          String(Math.max(1, forS - 2)),
        ]),
    "-t",
    "1",
    "-W",
    String(SETTLE_US),
    "-x",
    "t",
  ],
  cost({ options: { clients = USUAL.clients, rate = USUAL.rate, avalanche } }) {
    const pace = avalanche === true ? "at once" : `${rate} a second`;
    return `${counted(clients, "customer")}, ${pace}: up to two processors of this machine while they ask, and ${Math.ceil(clients / 100)} MB of the BNG`;
  },
  reader: perfdhcpReader,
});

/** Reads the report of each second, and at the end when each message was sent and answered. */
function perfdhcpReader(): LoadReader {
  let startS: number | undefined;
  let last = { atS: 0, leases: 0 };
  let about: "advertise" | "session" | undefined;
  let error: string | null = null;
  let lost: number | undefined;
  const exchanges: LoadValue[] = [];
  let endS = 0;
  return {
    line(text, atS) {
      startS ??= atS;
      const report = /^sent: \d+\/\d+; received: \d+\/(\d+); drops/.exec(text);
      if (report !== null) {
        const leases = Number(report[1]);
        const from = last.atS === 0 ? startS : last.atS;
        const lastsS = atS - from;
        const rate: LoadValue = {
          atS: from,
          lastsS,
          metric: "lease-rate",
          value: lastsS > 0 ? (leases - last.leases) / lastsS : 0,
          about: null,
        };
        last = { atS, leases };
        return lastsS > 0 ? [rate] : [];
      }
      const section = /^\*\*\*(.*)\*\*\*$/.exec(text)?.[1];
      if (section !== undefined) {
        about = /SOLICIT-ADVERTISE/.test(section)
          ? "advertise"
          : /REQUEST-REPLY/.test(section)
            ? "session"
            : undefined;
        return [];
      }
      if (text.startsWith("ERROR")) error = text;
      const drops = /^drops: (\d+)$/.exec(text)?.[1];
      if (drops !== undefined) {
        lost = (lost ?? 0) + Number(drops);
        endS = atS;
        return [];
      }
      const times = /^sent \/ received: (\d+\.\d+) \/ (\d+\.\d+)$/.exec(text);
      if (times === null || about === undefined) return [];
      const [sentS, receivedS] = [Number(times[1]), Number(times[2])];
      const value = Math.round((receivedS - sentS) * US_PER_S) / US_PER_S;
      exchanges.push({ atS: startS + sentS, lastsS: value, metric: about, value, about: null });
      return [];
    },
    end() {
      if (startS === undefined || lost === undefined) return { values: exchanges, error };
      const values: LoadValue[] = [
        ...exchanges,
        { atS: startS, lastsS: endS - startS, metric: "drops", value: lost, about: null },
      ];
      return { values, error };
    },
  };
}
