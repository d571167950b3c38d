import type { ImageRole } from "../../core/model/role.ts";
import type { ContainerSpec, KeyName } from "../../core/render/nodes/spec.ts";
import type { ExecResult } from "./engine-reader.ts";

/** A container that does one thing on the engine's host and is gone again. It sees the host's network as every BNG does. */
export interface OneShot {
  readonly image: string;
  readonly argv: readonly string[];
  /** Docker's network mode; `none` when left out. */
  readonly networkMode?: string;
  /** Further bind mounts, besides the host's network namespace. */
  readonly binds?: readonly string[];
  /** Whether it sees the host's processes. */
  readonly hostProcesses?: boolean;
}

/** Changing what an engine runs. */
export interface EngineWriter {
  /** Runs a one-shot container and returns what it said; it is removed whatever happens. */
  runOnce(shot: OneShot, signal: AbortSignal): Promise<ExecResult>;
  build(image: ImageToBuild, progress: BuildProgress): Promise<void>;
  /** Creates a container with its files; its id. */
  create(spec: ContainerSpec, readKey: ReadKey, signal: AbortSignal): Promise<string>;
  /** A paused one is unpaused; fine when it runs. */
  start(container: string, signal?: AbortSignal): Promise<void>;
  /** By SIGTERM, so that the agent can give interfaces back; fine when it does not run. */
  stop(container: string): Promise<void>;
  /** By SIGKILL; the engine does not start it again by itself. Fine when it does not run. */
  kill(container: string): Promise<void>;
  putFiles(container: string, files: ContainerSpec["files"], readKey: ReadKey): Promise<void>;
  /**
   * Stops (so that the agent can give interfaces back) and removes, with the volumes that nobody else uses unless they are
   * kept for a successor; fine when it is gone already.
   */
  remove(container: string, options?: { readonly keepVolumes: boolean }): Promise<void>;
  /** Removes the volumes of a lab that no container uses. */
  removeVolumes(lab: string): Promise<void>;
  /** Takes the images of an archive that `saveImages` made. */
  loadImages(archive: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void>;
  /** Removes an image, or its name when it has others; fine when it is gone already, false when a container uses it. */
  removeImage(image: string): Promise<boolean>;
}

/** Gives the text of a secret. */
export type ReadKey = (key: KeyName) => Promise<string>;

export interface BuildProgress {
  readonly signal: AbortSignal;
  /** With today's packages, whatever is there: the base is pulled or made anew, and no earlier build is used. */
  readonly fresh?: boolean;
  onLine(line: string): void;
}

/** A folder of images/ with the reference that its content gives it. */
export interface ImageToBuild {
  readonly role: ImageRole;
  readonly folder: string;
  readonly reference: string;
  readonly contextHash: string;
}
