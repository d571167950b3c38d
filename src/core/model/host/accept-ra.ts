/** The kernel's setting by which a host takes addresses and default routes from router advertisements. */

/**
 * Which interfaces accept router advertisements, by name and with `default` for those to come, from lines such as
 * `br0/accept_ra:1`. A router accepts them only with 2 (Linux, ip-sysctl: accept_ra).
 */
export function parseAcceptsRa(text: string): Map<string, boolean> {
  const scopes = new Map<string, Record<string, string>>();
  for (const line of text.split("\n")) {
    const [, scope, name, value] = /^(.+)\/(\w+):(\d+)$/.exec(line.trim()) ?? [];
    if (scope === undefined || name === undefined || value === undefined) continue;
    scopes.set(scope, { ...scopes.get(scope), [name]: value });
  }
  return new Map([...scopes].map(([scope, settings]) => [scope, accepts(settings)]));
}

function accepts(settings: Record<string, string>): boolean {
  if (settings["disable_ipv6"] === "1") return false;
  const wanted = settings["accept_ra"] ?? "0";
  return settings["forwarding"] === "0" ? wanted !== "0" : wanted === "2";
}

/** The command that refuses advertisements; with slashes, because a name may have dots. */
export function refuseRa(name: string): string {
  return `sudo sysctl -w net/ipv6/conf/${name}/accept_ra=0`;
}
