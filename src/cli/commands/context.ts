import type { Lab } from "../../core/model/lab/model.ts";
import type { Sandbox } from "../../app/ports/sandbox.ts";
import type { Engine } from "../../app/ports/engine.ts";
import type { Engines } from "../../app/agents/engines.ts";
import type { LabSource } from "../../app/ports/lab-source.ts";
import type { PacketReader } from "../../app/ports/packet-reader.ts";
import type { RunFolders } from "../../app/ports/run-folder.ts";
import type { RunShelf } from "../../app/ports/run-shelf.ts";
import type { ScenarioSource } from "../../app/ports/scenario-source.ts";
import type { ByteSink } from "../../app/ports/byte-sink.ts";
import type { ExportFolder } from "../../app/ports/export-folder.ts";
import type { OwnPackage } from "../../app/ports/own-package.ts";
import type { ImageToBuild } from "../../app/ports/engine-writer.ts";
import type { KeyStore } from "../../app/ports/key-store.ts";
import type { AllowedVariables } from "../../app/ports/allowed-variables.ts";
import type { WebMachine } from "../../app/ports/web-server.ts";
import type { LabLock } from "../../app/ports/lab-lock.ts";
import type { NpmPackage } from "../../features/sbom/spdx.ts";
import type { ImageRole } from "../../core/model/role.ts";
import type { View } from "../views/theme.ts";
import type { Guide } from "./guide.ts";

/** Where a command writes; stdout is the result, stderr is talk. */
export interface Output {
  write(text: string): void;
  readonly isTTY: boolean;
  /** Whether colour is wanted there. */
  readonly colour: boolean;
  readonly columns: number;
  readonly rows: number;
  /** Commands of mhlab in a text as the user has to type them. */
  asCalled(text: string): string;
}

/** How a view may look on an output. */
export function viewOn(output: Output): View {
  const { colour, isTTY, columns } = output;
  return { colour, columns: isTTY ? columns : undefined, asCalled: (text) => output.asCalled(text) };
}

export interface EngineOptions {
  /** Whether the sandbox is started when it is selected and does not run. */
  readonly startSandbox?: boolean;
  readonly report?: (text: string) => void;
}

/** What `mhlab schema` can print. */
export const SCHEMAS = ["lab", "scenario", "status", "check"] as const;
export type SchemaOf = (typeof SCHEMAS)[number];

/** All that commands may touch; the CLI wires it, tests replace parts of it. */
export interface Context {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdinIsTTY: boolean;
  readonly version: string;
  /** The commit that this mhlab was built from, with `-dirty` when files differed from it; null when the build could not tell. */
  readonly commit: string | null;
  readonly verbose: boolean;
  /** How the user calls this mhlab: `mhlab`, or `mhlab --sandbox`. */
  readonly self: string;
  /** Fires when the user interrupts. */
  readonly signal: AbortSignal;
  /** The engine that the flags select; `startSandbox` makes it come up when it is the sandbox's. */
  engine(options?: EngineOptions): Promise<Engine>;
  /** Where the nodes of labs run: of a lab that names its engines, those. Throws UsageError when the command line names another one. */
  engines(options?: EngineOptions, lab?: Lab): Promise<Engines>;
  sandbox(): Promise<Sandbox>;
  /** How to reach a sandbox that runs beside the engine; undefined where none does, or the user named the engine. */
  sandboxBeside(): Promise<string | undefined>;
  labSource(): Promise<LabSource>;
  scenarioSource(): Promise<ScenarioSource>;
  runFolders(): Promise<RunFolders>;
  /** Reads captures as Wireshark does. */
  packetReader(): Promise<PacketReader>;
  /** The folder of runs, to look at. */
  runShelf(path: string): Promise<RunShelf>;
  keys(): Promise<KeyStore>;
  lock(): Promise<LabLock>;
  allowedVariables(): Promise<AllowedVariables>;
  images(): Promise<Record<ImageRole, ImageToBuild>>;
  /** npm packages in the agent, as the build wrote them down; none when mhlab runs from its sources. */
  bundledPackages(): Promise<readonly NpmPackage[]>;
  /** The data of Debian's security tracker: from a file, or from its server. */
  securityTracker(file: string | undefined): Promise<string>;
  exportFolder(): Promise<ExportFolder>;
  /** This mhlab as an npm package. */
  ownPackage(): Promise<OwnPackage>;
  /** Opens a file for bytes; `-` is standard output. */
  byteSink(target: string): Promise<ByteSink>;
  guide(): Promise<Guide>;
  web(): Promise<WebMachine>;
  /** The help of a command, or of the program. Throws UsageError when there is no such command. */
  help(words: readonly string[]): Promise<string>;
  /** SHA-256 as hexadecimal. */
  readonly digest: (text: string) => string;
  /** JSON Schema of lab files, of scenarios, of what `status --json` prints, or of check.json. */
  schema(of: SchemaOf): Promise<unknown>;
}
