/** The MTU of the path to a far side, and what that leaves inside the tunnel. */
import { block, ok, warn, type Finding } from "../../core/model/host/finding.ts";

/** WireGuard's 32 bytes, UDP's 8, and the outer header. */
const OVERHEAD = { 4: 60, 6: 80 } as const;
/** IPv6 needs this much inside (RFC 8200). */
const LEAST_INNER = 1280;

/**
 * Pings with growing packets that must not be fragmented, from the host's network; arguments: the endpoint's host. Prints
 * `address MTU`, `address silent` or `unresolved`.
 */
export const PATH_SCRIPT = `
birth() { nsenter --net=/var/run/netns/host "$@"; }
host=$0
address=$(birth getent ahosts "$host" | { read -r first rest; echo "$first"; })
address=\${address#::ffff:}
[ -n "$address" ] || { echo unresolved; exit 0; }
case $address in *:*) family=-6 headers=48 low=1280 ;; *) family=-4 headers=28 low=576 ;; esac
fits() {
  birth ping $family -n -q -M probe -c 2 -i 0.2 -W 1 -s $(($1 - headers)) "$address" > /dev/null 2>&1
}
fits $low || { echo "$address silent"; exit 0; }
high=9000
if fits 1500; then low=1500; fits 1501 || high=1500; else high=1499; fi
while [ $low -lt $high ]; do
  middle=$(((low + high + 1) / 2))
  if fits $middle; then low=$middle; else high=$((middle - 1)); fi
done
echo "$address $low"
`;

/** The MTU that the script measured; undefined when nobody answered. */
export function pathMtu(output: string): number | undefined {
  const mtu = Number(output.trim().split("\n").at(-1)?.split(" ")[1]);
  return mtu >= 576 ? mtu : undefined;
}

/** What the script measured, as findings; \`host\` is what was asked for. */
export function pathFindings(host: string, output: string): Finding[] {
  const [address = "", result = ""] = output.trim().split("\n").at(-1)?.split(" ") ?? [];
  if (address === "unresolved" || address === "") {
    return [block("path", `${host} cannot be resolved on the engine's host`, `getent ahosts ${host}`)];
  }
  const family = address.includes(":") ? 6 : 4;
  const usual = 1500 - OVERHEAD[family];
  if (result === "silent") {
    return [
      warn(
        "path",
        `${address} does not answer pings, so the path cannot be measured; ${usual} is right for a path of 1500`,
        "allow ICMP echo on the far side, or set wireguard.mtu by hand",
      ),
    ];
  }
  const path = Number(result);
  if (!(path >= 576)) return [warn("path", `the path to ${address} could not be measured: ${output.trim()}`)];
  const inner = path - OVERHEAD[family];
  const sum = `the path to ${address} takes ${path} bytes; less WireGuard's ${OVERHEAD[family]} over IPv${family}, the tunnel takes ${inner}`;
  if (inner < LEAST_INNER) return [block("path", `${sum}, and IPv6 needs ${LEAST_INNER}`)];
  return [
    inner >= usual ? ok("path", sum) : warn("path", sum, `in the lab file: wireguard: {mtu: ${inner}}`),
  ];
}
