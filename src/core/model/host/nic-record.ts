/** What a physical interface was like before a BNG took it, written where it survives the BNG: on the interface itself. */

export interface NicRecord {
  readonly mtu: number;
  readonly up: boolean;
  /** `address/length`, of both families, without link-local ones: those the kernel makes anew. */
  readonly addresses: readonly string[];
  /** The alias that it had. */
  readonly alias: string;
}

/** The kernel keeps 255 bytes of an alias. */
const LONGEST_ALIAS = 255;
const MARK = "mhlab:nic:";

/**
 * The alias that marks a claimed interface and holds its record. It stays on the device when the container's namespace
 * dies, whereas MTU, state and addresses may not. What does not fit is left out: the old alias first, then addresses.
 */
export function formatNicMark(provider: string, record: NicRecord): string {
  const { mtu, up, addresses, alias } = record;
  const write = (kept: readonly string[], old: string): string =>
    [
      `${MARK}${provider}`,
      `mtu=${mtu}`,
      `up=${up ? 1 : 0}`,
      ...(kept.length === 0 ? [] : [`addr=${kept.join(",")}`]),
      ...(old === "" ? [] : [`alias=${old}`]),
    ].join(";");
  const whole = write(addresses, alias);
  if (fits(whole)) return whole;
  for (let kept = addresses.length; kept > 0; kept--) {
    const text = write(addresses.slice(0, kept), "");
    if (fits(text)) return text;
  }
  return write([], "");
}

/** Reads an alias; undefined when it is not a claimed interface's. */
export function parseNicMark(alias: string | undefined): { provider: string; record: NicRecord } | undefined {
  if (alias === undefined || !alias.startsWith(MARK)) return undefined;
  const [provider = "", ...fields] = alias.slice(MARK.length).split(";");
  const text = fields.join(";");
  const field = (name: string): string => new RegExp(`(?:^|;)${name}=([^;]*)`).exec(text)?.[1] ?? "";
  const old = /(?:^|;)alias=(.*)$/s.exec(text)?.[1] ?? "";
  const mtu = Number(field("mtu"));
  if (!(mtu >= 68)) return undefined;
  const addresses = field("addr")
    .split(",")
    .filter((address) => address !== "");
  return { provider, record: { mtu, up: field("up") === "1", addresses, alias: old } };
}

/** Whether the kernel would keep all of it; interface names and aliases of other programs may be UTF-8. */
function fits(text: string): boolean {
  const bytes = Array.from(text).reduce((sum, char) => {
    const point = char.codePointAt(0) ?? 0;
    return sum + (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4);
  }, 0);
  return bytes <= LONGEST_ALIAS;
}
