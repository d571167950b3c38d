import type { MachineFacts } from "../../features/wizard/machine.ts";
import type { EngineReader } from "./engine-reader.ts";
import type { RunOnce } from "./host-probe.ts";

/** Looks at the machine on which the containers run; never fails, and changes nothing. */
export interface Machine {
  look(signal: AbortSignal): Promise<MachineFacts>;
}

/** Where a look at the machine can come from. */
export interface MachineSources {
  /** The engine that would run a lab. Rejects when there is none to ask. */
  engine(): Promise<AskedEngine>;
  /** Whether that engine is mhlab's own, whose host has no cards. */
  readonly sandbox: boolean;
  /** Runs a script on this machine; what it printed. */
  here(script: string, signal: AbortSignal): Promise<string>;
  /** Local address of the SSH session that mhlab runs in, if any. */
  readonly sshAddress: string | undefined;
}

export interface AskedEngine {
  readonly where: string;
  /** Whether it runs on this machine. */
  readonly local: boolean;
  readonly reader: Pick<EngineReader, "listImages">;
  readonly runOnce: RunOnce;
}
