import type { FoundContainer, FoundInternet, HeldFiles } from "../../core/render/nodes/observed.ts";
import type { HeldImage } from "../../core/render/plan/old-images.ts";

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface LineStream {
  readonly signal: AbortSignal;
  onLine(line: string): void;
  /** Lines of standard error; left out, they go the way of standard output. */
  onErrorLine?(line: string): void;
}

export interface ContainerState {
  readonly status: string;
  readonly exitCode: number;
  readonly restartCount: number;
}

/** Which lines of a container's output. */
export interface LogOptions {
  /** The last lines only; -1 for all. */
  readonly tail: number;
  readonly follow: boolean;
  /** Seconds since 1970, as decimal text so that nanoseconds survive; lines from then on. */
  readonly since?: string | undefined;
  /** Begins each line with its time (RFC 3339 with nanoseconds, UTC) and a blank. */
  readonly timestamps?: boolean;
}

/** Asking a Docker engine; cheap to open, changes nothing. */
export interface EngineReader {
  /** Where the engine is, for messages. */
  readonly where: string;
  /** Resolves when the engine answers at all. */
  ping(signal?: AbortSignal): Promise<void>;
  listContainers(signal?: AbortSignal): Promise<FoundContainer[]>;
  /** References (`name:tag`) of all images, newest first. */
  listImages(signal?: AbortSignal): Promise<string[]>;
  /** Whether there is an image of this reference; cheaper than the list, which costs an engine near a millisecond for each. */
  hasImage(reference: string, signal?: AbortSignal): Promise<boolean>;
  /** Several images as one archive, as `docker save` makes it (an OCI layout from Docker 25 on). Rejects when one is not there. */
  saveImages(references: readonly string[], signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /** What tells this engine from every other, however it is reached. */
  engineId(signal?: AbortSignal): Promise<string | undefined>;
  /** The folder on its host where it keeps its data. */
  dataFolder(signal?: AbortSignal): Promise<string | undefined>;
  /** Every image that mhlab built, and base images that it made, named or not. */
  heldImages(signal?: AbortSignal): Promise<HeldImage[]>;
  /** Undefined when there is no such container. */
  containerState(container: string, signal?: AbortSignal): Promise<ContainerState | undefined>;
  exec(container: string, argv: readonly string[], signal?: AbortSignal): Promise<ExecResult>;
  /** Runs a command and hands over its lines as they come; resolves when it ends. */
  execLines(container: string, argv: readonly string[], stream: LineStream): Promise<void>;
  /** Undefined when the container holds no readable configuration. */
  readInternet(container: string, signal?: AbortSignal): Promise<FoundInternet | undefined>;
  /** What lies in a BNG's /etc/mhlab, without the secrets; undefined when there is no such folder. */
  readHeldFiles(container: string, signal?: AbortSignal): Promise<HeldFiles | undefined>;
  lastLogLines(container: string, count: number): Promise<string[]>;
  /** Hands over what a container printed; nothing when it is gone. */
  followLogs(container: string, options: LogOptions, stream: LineStream): Promise<void>;
}
