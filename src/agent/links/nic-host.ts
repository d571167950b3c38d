import {
  parseDefaultDevices,
  parseLinks,
  parseSshSessions,
  type HostNetwork,
} from "../../core/model/host/network.ts";
import { refuseClaim } from "../../core/model/host/nic-safety.ts";
import { inBirth, run } from "../programs/command.ts";

/** Why an interface must not be taken from the host as that is now; undefined when it may be. */
export async function refusalOf(name: string): Promise<string | undefined> {
  return refuseClaim(name, await readHostNetwork());
}

async function readHostNetwork(): Promise<HostNetwork> {
  const [links, routes4, routes6, sessions] = await Promise.all([
    run(inBirth(["ip", "-j", "-d", "addr", "show"])),
    run(inBirth(["ip", "-j", "-4", "route", "show", "default"])),
    run(inBirth(["ip", "-j", "-6", "route", "show", "default"])),
    run(inBirth(["ss", "-Htn", "state", "established", "sport = :22"])).catch(() => ""),
  ]);
  return {
    links: parseLinks(links),
    defaultDevices: parseDefaultDevices(routes4, routes6),
    sshSessions: parseSshSessions(sessions),
  };
}
