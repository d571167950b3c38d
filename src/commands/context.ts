import type { LabSource } from "../app/choose-lab.ts";
import type { HostProbe } from "../app/doctor.ts";
import type { ByteSink, ExecBytes } from "../app/capture.ts";
import type { ExportFolder } from "../app/export.ts";
import type { EngineReader, EngineWriter, ImageToBuild, KeyStore, LabLock } from "../app/ports.ts";
import type { ImageRole } from "../core/members/registry.ts";
import type { Guide } from "./guide.ts";

/** Where a command writes; stdout is the result, stderr is talk. */
export interface Output {
  write(text: string): void;
  readonly isTTY: boolean;
  /** Whether colour is wanted there. */
  readonly colour: boolean;
  readonly columns: number;
}

/** How a view may look on an output. */
export function viewOn({ colour, isTTY, columns }: Output): { colour: boolean; columns: number | undefined } {
  return { colour, columns: isTTY ? columns : undefined };
}

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

export interface EngineOptions {
  /** Whether the sandbox is started when it is selected and does not run. */
  readonly startSandbox?: boolean;
  readonly report?: (text: string) => void;
}

export interface SandboxReport {
  readonly running: boolean;
  readonly socket: string;
  readonly pid: number | null;
  readonly root: string;
  readonly problem: string | null;
}

export interface Sandbox {
  start(onProgress: (step: string) => void): Promise<SandboxReport & { readonly already: boolean }>;
  stop(purge: boolean, onProgress: (step: string) => void): Promise<unknown>;
  status(): Promise<SandboxReport>;
  exec(argv: readonly string[]): Promise<number>;
}

/** All that commands may touch; the CLI wires it, tests replace parts of it. */
export interface Context {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdinIsTTY: boolean;
  readonly version: string;
  readonly verbose: boolean;
  /** How the user calls this mhlab: `mhlab`, or `mhlab --sandbox`. */
  readonly self: string;
  /** Fires when the user interrupts. */
  readonly signal: AbortSignal;
  /** The engine that the flags select; `startSandbox` makes it come up when it is the sandbox's. */
  engine(options?: EngineOptions): Promise<Engine>;
  sandbox(): Promise<Sandbox>;
  labSource(): Promise<LabSource>;
  keys(): Promise<KeyStore>;
  lock(): Promise<LabLock>;
  images(): Promise<Record<ImageRole, ImageToBuild>>;
  exportFolder(): Promise<ExportFolder>;
  /** Opens a file for bytes; `-` is standard output. */
  byteSink(target: string): Promise<ByteSink>;
  guide(): Promise<Guide>;
  /** SHA-256 as hexadecimal. */
  readonly digest: (text: string) => string;
  /** JSON Schema of lab files. */
  labSchema(): Promise<unknown>;
}
