import { groupBy } from "../../core/model/grouped.ts";
import type { Role } from "../../core/model/role.ts";
import type { FoundInternet, HeldFiles, LabContainer } from "../../core/render/nodes/observed.ts";
import type { ContainerSpec } from "../../core/render/nodes/spec.ts";
import type { Reply } from "../../core/model/protocol/answer.ts";
import type { AnswerTo, OneLineVerb, RequestOf } from "../../core/model/protocol/verbs.ts";
import type { ContainerState, ExecResult, LineStream, LogOptions } from "../ports/engine-reader.ts";
import type { ReadKey } from "../ports/engine-writer.ts";
import type { Engine } from "../ports/engine.ts";
import type { ByteStream } from "../ports/exec-bytes.ts";
import { ask, type AskOptions } from "./ask.ts";
import { follow, type FollowOptions } from "./follow.ts";

/** Who a node is. */
export interface NodeName {
  readonly name: string;
  readonly role: Role;
  /** The name of its container, which outlives the container. */
  readonly containerName: string;
}

/**
 * A node of a lab, wherever it runs. What is asked of it, heard of it and done to it goes by this: nobody beside this
 * folder knows which container on which engine that is.
 */
export class Node implements NodeName {
  readonly name: string;
  readonly role: Role;
  readonly containerName: string;
  /** Where it runs. Nodes of one engine can reach each other; others cannot. */
  readonly engine: Engine;
  #containerId: string | undefined;

  constructor({ name, role, containerName }: NodeName, engine: Engine, containerId?: string) {
    this.name = name;
    this.role = role;
    this.containerName = containerName;
    this.engine = engine;
    this.#containerId = containerId;
  }

  /** The id of its container as far as is known here; it may have another one by now. */
  get containerId(): string | undefined {
    return this.#containerId;
  }

  /** Asks its agent one thing. What the agent or its container cannot do is a reply; rejects when the signal fires or the engine fails. */
  ask<V extends OneLineVerb>(request: RequestOf<V>, options: AskOptions): Promise<Reply<AnswerTo<V>>> {
    return ask(this, request, options);
  }

  /** One stream of events of its agent, to its end; whether anything was said. Rejects when the signal fires or the engine fails. */
  follow(request: RequestOf<"events"> | RequestOf<"allEvents">, options: FollowOptions): Promise<boolean> {
    return follow(this, request, options);
  }

  exec(argv: readonly string[], signal?: AbortSignal): Promise<ExecResult> {
    return this.engine.reader.exec(this.containerName, argv, signal);
  }

  /** Runs a command and hands over its lines as they come; resolves when it ends. */
  execLines(argv: readonly string[], stream: LineStream): Promise<void> {
    return this.engine.reader.execLines(this.containerName, argv, stream);
  }

  /** Runs a command whose output is bytes; its input ends with the signal. */
  execBytes(argv: readonly string[], stream: ByteStream): Promise<number> {
    return this.engine.execBytes(this.containerName, argv, stream);
  }

  /** Runs a command on our own terminal; the exit code. */
  interactive(argv: readonly string[]): Promise<number> {
    return this.engine.interactive(this.containerName, argv);
  }

  /** Runs a command with our own stdin, stdout and stderr; the exit code. */
  piped(argv: readonly string[]): Promise<number> {
    return this.engine.piped(this.containerName, argv);
  }

  /** How its container is; undefined when there is none. */
  state(signal?: AbortSignal): Promise<ContainerState | undefined> {
    return this.engine.reader.containerState(this.containerName, signal);
  }

  /** Hands over what it printed; nothing when it is gone. */
  logs(options: LogOptions, stream: LineStream): Promise<void> {
    return this.engine.reader.followLogs(this.containerName, options, stream);
  }

  lastLogLines(count: number): Promise<string[]> {
    return this.engine.reader.lastLogLines(this.containerName, count);
  }

  /** What lies in its /etc/mhlab, without the secrets; undefined when there is no such folder. */
  heldFiles(signal?: AbortSignal): Promise<HeldFiles | undefined> {
    return this.engine.reader.readHeldFiles(this.containerName, signal);
  }

  /** What the bundled internet has for its configuration; undefined when it is not readable. */
  internet(signal?: AbortSignal): Promise<FoundInternet | undefined> {
    return this.engine.reader.readInternet(this.containerName, signal);
  }

  /** Puts files into its /etc/mhlab. */
  async copy(files: ContainerSpec["files"], readKey: ReadKey): Promise<void> {
    await (await this.engine.writer()).putFiles(this.containerName, files, readKey);
  }

  /** Makes its container; it does not run yet. */
  async create(spec: ContainerSpec, readKey: ReadKey, signal: AbortSignal): Promise<void> {
    this.#containerId = await (await this.engine.writer()).create(spec, readKey, signal);
  }

  async start(signal?: AbortSignal): Promise<void> {
    await (await this.engine.writer()).start(this.containerName, signal);
  }

  /** By SIGTERM, so that its agent can give interfaces back; fine when it does not run. */
  async stop(): Promise<void> {
    await (await this.engine.writer()).stop(this.containerName);
  }

  /** By SIGKILL; fine when it does not run. */
  async kill(): Promise<void> {
    await (await this.engine.writer()).kill(this.containerName);
  }

  /** Stops and removes it, with its volumes unless they are kept for a successor; fine when it is gone already. */
  async remove(options?: { readonly keepVolumes: boolean }): Promise<void> {
    await (await this.engine.writer()).remove(this.containerName, options);
  }
}

/** A node that an engine has told of. */
export class SeenNode extends Node {
  readonly lab: string;
  /** As it was seen. */
  readonly container: LabContainer;

  constructor(container: LabContainer, engine: Engine) {
    super(container, engine, container.id);
    this.lab = container.lab;
    this.container = container;
  }

  /** Whether it ran when it was seen. */
  get runs(): boolean {
    return this.container.state === "running";
  }
}

/** Nodes by where they run: those of one engine together. */
export function byEngine<T extends Node>(nodes: readonly T[]): (readonly [T, ...T[]])[] {
  return [...groupBy(nodes, ({ engine }) => engine).values()];
}
