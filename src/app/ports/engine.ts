import type { EngineReader } from "./engine-reader.ts";
import type { EngineWriter } from "./engine-writer.ts";
import type { ExecBytes } from "./exec-bytes.ts";
import type { HostProbe } from "./host-probe.ts";

/** A Docker engine as commands have it; its parts are opened when they are asked for. */
export interface Engine {
  readonly reader: EngineReader;
  /** Looking at the engine and its host. */
  probe(): Promise<HostProbe>;
  writer(): Promise<EngineWriter>;
  /** Runs a command on our own terminal; the exit code. */
  interactive(container: string, argv: readonly string[]): Promise<number>;
  /** Runs a command with our own stdin, stdout and stderr; the exit code. */
  piped(container: string, argv: readonly string[]): Promise<number>;
  /** Runs a command whose output is bytes for us; its input ends with the signal. */
  readonly execBytes: ExecBytes;
}
