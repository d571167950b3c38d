import type { ImageRole } from "../core/members/registry.ts";
import type { HeldImage } from "../core/plan/old-images.ts";
import type { FoundContainer, FoundInternet, HeldKeys } from "../core/plan/observed.ts";
import type { ContainerSpec, KeyName, ProviderKeys } from "../core/plan/spec.ts";

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

/** Asking a Docker engine; cheap to open, changes nothing. */
export interface EngineReader {
  /** Where the engine is, for messages. */
  readonly where: string;
  listContainers(signal?: AbortSignal): Promise<FoundContainer[]>;
  /** References (`name:tag`) of all images, newest first. */
  listImages(signal?: AbortSignal): Promise<string[]>;
  /** Every image that mhlab built, and base images that it made, named or not. */
  heldImages(signal?: AbortSignal): Promise<HeldImage[]>;
  /** Undefined when there is no such container. */
  containerState(container: string, signal?: AbortSignal): Promise<ContainerState | undefined>;
  exec(container: string, argv: readonly string[], signal?: AbortSignal): Promise<ExecResult>;
  /** Runs a command and hands over its lines as they come; resolves when it ends. */
  execLines(container: string, argv: readonly string[], stream: LineStream): Promise<void>;
  /** Undefined when the container holds no readable configuration. */
  readInternet(container: string, signal?: AbortSignal): Promise<FoundInternet | undefined>;
  /** The keys in a BNG's container, without the secrets; undefined when it has no key folder. */
  readKeys(container: string, signal?: AbortSignal): Promise<HeldKeys | undefined>;
  lastLogLines(container: string, count: number): Promise<string[]>;
  followLogs(
    container: string,
    options: { tail: number; follow: boolean },
    stream: LineStream,
  ): Promise<void>;
}

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
  create(spec: ContainerSpec, readKey: ReadKey, signal: AbortSignal): Promise<void>;
  start(container: string, signal?: AbortSignal): Promise<void>;
  putFiles(container: string, files: ContainerSpec["files"], readKey: ReadKey): Promise<void>;
  /** Stops (so that the agent can give interfaces back) and removes; fine when it is gone already. */
  remove(container: string): Promise<void>;
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

/** Private keys, kept over `down` because the far side was configured with them. */
export interface KeyStore {
  /** Public halves of the keys that exist. Throws when a key file is broken. */
  publicKeys(lab: string, providers: readonly string[]): Promise<Map<string, ProviderKeys>>;
  /** Makes what is missing; the public halves of all. */
  ensure(lab: string, wanted: readonly WantedKey[]): Promise<Map<string, ProviderKeys>>;
  read(lab: string, key: KeyName): Promise<string>;
  /** Removes all keys of a lab; the number of files that were there. */
  purge(lab: string): Promise<number>;
  /** The labs that have keys, sorted. */
  labs(): Promise<string[]>;
  /** The providers of a lab that have a key, sorted. */
  providers(lab: string): Promise<string[]>;
  /** A short name of a key that tells nothing of a secret. */
  fingerprint(key: string): string;
  /** Where a key lies, there or not. */
  place(lab: string, key: KeyName): string;
  /** Replacing the key of a BNG, in steps that can be taken back. */
  readonly rotation: KeyRotation;
}

/** A BNG's key and the one that is to follow it; `next` lies beside the key until it takes its place. */
export interface KeyRotation {
  /** Public half of the next key; undefined when none is prepared. */
  next(lab: string, provider: string): Promise<string | undefined>;
  /** Makes the next key unless there is one; its public half. */
  prepare(lab: string, provider: string): Promise<string>;
  /** The next key becomes the key, and the key the next one: doing it again takes it back. */
  swap(lab: string, provider: string): Promise<void>;
  /** Where the next key lies, there or not. */
  place(lab: string, provider: string): string;
  /** Forgets the next key. */
  drop(lab: string, provider: string): Promise<void>;
}

export interface WantedKey {
  readonly provider: string;
  /** Whether mhlab plays the far side too. */
  readonly bundled: boolean;
  /** Whether both sides share a key as well. */
  readonly preshared?: boolean;
}

/** Keeps two runs of mhlab from changing one lab at once. */
export interface LabLock {
  /** Takes the lock or throws StateError naming who holds it; the function returned gives it back. */
  acquire(lab: string, what: string): Promise<() => Promise<void>>;
}
