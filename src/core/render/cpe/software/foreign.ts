/** A CPE's software that nobody here wrote: which programs it is made of, and how its manual says to configure a home with them. */
import type { PROGRAMS } from "../../confinement/programs.ts";
import type { ImageRole } from "../../../model/role.ts";
import { RADVD_ARGV, RADVD_CONFIG, RADVD_PID_FILE } from "./radvd.ts";

/** What is there to be configured. */
export interface HomeLines {
  /** Interfaces of the lines to providers. */
  readonly wans: readonly string[];
  /** The LAN's interface. */
  readonly lan: string;
}

/** A configuration file, read by everybody. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

/** A program that runs as long as the CPE does. */
export interface ForeignDaemon {
  /** As `restarts` of the status calls it. */
  readonly name: string;
  readonly argv: readonly string[];
  readonly confinement: keyof typeof PROGRAMS;
  /** A file that one that was killed leaves, and that keeps the next from starting. */
  readonly pidFile?: string;
}

/** One such software. */
export interface ForeignSoftware {
  /** As it calls itself. */
  readonly title: string;
  readonly image: ImageRole;
  /** `accept_ra` of its kernel: 2 where the kernel follows the providers' advertisements, 0 where a program of its own does. */
  readonly acceptRa: "0" | "2";
  /** Whether it takes a line again that went and came back, as a BNG's does that was made anew. */
  readonly followsLinks: boolean;
  readonly daemons: (lines: HomeLines) => readonly ForeignDaemon[];
  readonly files: (lines: HomeLines) => readonly ConfigFile[];
}

/** Advertises whatever prefix the LAN has an address of, as its manual shows for prefixes that come and go. */
export const ADVERTISER: ForeignDaemon = {
  name: "radvd",
  argv: RADVD_ARGV,
  confinement: "radvd",
  pidFile: RADVD_PID_FILE,
};

/** Its configuration (radvd.conf(5), the special prefix `::/64`). */
export function advertiserFile({ lan }: HomeLines): ConfigFile {
  const text = [
    `interface ${lan} {`,
    "  AdvSendAdvert on;",
    "  MinRtrAdvInterval 10;",
    "  MaxRtrAdvInterval 30;",
    "  prefix ::/64 {",
    "    AdvOnLink on; AdvAutonomous on; DeprecatePrefix on;",
    "  };",
    "};",
    "",
  ].join("\n");
  return { path: RADVD_CONFIG, text };
}
