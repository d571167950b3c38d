/** The nftables rules of a subscriber line: what it loses by its settings, and which packets go into which queue. */
import type { Way } from "../../model/faults/fault.ts";
import { formatPrefix6 } from "../../model/ip6.ts";
import { atRandom } from "../../model/faults/record.ts";
import type { LineWay } from "./line.ts";
import { cellKey, classId, UPSTREAM_DEVICE, type Minors } from "./line-tree.ts";

/** On a copy that a fault made, until it is in its queue, so that no copy is copied. */
export const COPY_MARK = "0x6d686c63";

const TABLE = "netdev mhlab-line";
/** The rules of a line that does nothing to packets: none. */
export const NO_LINE_RULES = `table ${TABLE} {}\ndelete table ${TABLE}\n`;

/**
 * nftables commands that replace the rules of a line. After source validation and faults, what arrives is led through the
 * upstream queue; it comes back from there behind every rule of the port.
 */
export function renderLineRules(
  line: Readonly<Record<Way, LineWay>>,
  minors: Readonly<Record<Way, Minors>>,
  port: string,
): string {
  const { up, down } = line;
  const chains: { head: string; rules: string[] }[] = [];
  const chain = (name: string, hook: string, rules: string[]): void => {
    if (rules.length > 0)
      chains.push({
        head: `  chain ${name} { type filter hook ${hook}; policy accept; }`,
        rules: rules.map((rule) => `add rule ${TABLE} ${name} ${rule}`),
      });
  };
  const led = up.queued ? [`fwd to "${UPSTREAM_DEVICE}"`] : [];
  chain("from_port", `ingress device "${port}" priority 100`, [...lost(up), ...led]);
  const upQueue = up.queued ? queueRules(up, minors.up) : [];
  chain("up", `egress device "${UPSTREAM_DEVICE}" priority 30`, upQueue);
  const downQueue = down.queued ? queueRules(down, minors.down) : [];
  chain("down", `egress device "${port}" priority 30`, [...lost(down), ...downQueue]);
  if (chains.length === 0) return NO_LINE_RULES;
  const lines = [
    `table ${TABLE} {`,
    ...chains.map(({ head }) => head),
    "}",
    `flush table ${TABLE}`,
    ...chains.flatMap(({ rules }) => rules),
  ];
  return lines.map((text) => `${text}\n`).join("");
}

function lost({ loss }: LineWay): string[] {
  return loss > 0 ? [`${atRandom("", loss)} drop`.trim()] : [];
}

function queueRules({ way, cells }: LineWay, minors: Minors): string[] {
  const address = way === "up" ? "saddr" : "daddr";
  return [
    `meta mark ${COPY_MARK} meta mark set 0`,
    ...cells.map((cell) => {
      const who = cell.from === undefined ? "" : `ip6 ${address} ${formatPrefix6(cell.from)} `;
      return `${who}meta priority set ${classId(way, minors.get(cellKey(cell)) ?? 0)} accept`;
    }),
  ];
}
