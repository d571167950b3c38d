import { createHmac, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { mkdtempSync } from "node:fs";
import type { Duplex } from "node:stream";
import { extract, pack } from "tar-stream";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Label } from "../../../src/core/model/names.ts";
import { Signer } from "../../../src/core/model/protocol/proof.ts";
import type { ContainerBody } from "../../../src/core/render/plan/body.ts";

type HostConfig = ContainerBody["HostConfig"];

export interface FakeContainer {
  name: string;
  image: string;
  state: string;
  labels: Record<string, string>;
  restarts: number;
  /** Seconds since 1970. */
  created?: number;
  readonly hostConfig?: HostConfig;
}

/** A command whose connection is its input, as the one who plays it sees it. */
export interface Talk {
  send(bytes: string | Buffer, stream?: "stdout" | "stderr"): void;
  onInput(listener: (text: string) => void): void;
  /** The asker has closed the input, or is gone. */
  onEnd(listener: () => void): void;
  end(exitCode: number): void;
}

/** A Docker engine of one page: enough API for `up`, `status` and `down`, and every request written down. */
export class FakeDaemon {
  readonly containers = new Map<string, FakeContainer>();
  readonly requests: string[] = [];
  /** JSON bodies of all requests, to look for secrets. */
  readonly bodies: string[] = [];
  apiVersion = "1.45";
  /** Tar archives that were put into containers. */
  readonly archives = new Map<string, Buffer>();
  images: string[] = [];
  /** What a container's agent prints for a command; `agent all …` prints what all of its lab say. */
  agent: (container: FakeContainer, argv: string[]) => string = () => "";
  /** Called before each request; `true` closes the connection without an answer. */
  onRequest: (line: string) => boolean = () => false;
  log = "";
  readonly socket = join(mkdtempSync(join(tmpdir(), "mhlab-fake-")), "docker.sock");
  private readonly execs = new Map<string, { container: FakeContainer; argv: string[] }>();
  private readonly exitCodes = new Map<string, number>();
  private readonly sockets = new Set<Duplex>();
  private readonly followers = new Set<{
    lab: string | undefined;
    readonly nonce: string;
    response: ServerResponse | Duplex;
  }>();
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  /** Hands connections over to commands whose input is held open, as an engine does; without it, none has an input. */
  onTalk(play: (container: FakeContainer, argv: readonly string[], talk: Talk) => void): void {
    this.server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.upgrade({ request, socket, head }, play),
    );
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(this.socket, resolve));
    return this;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Ends the event streams that are open. */
  endStreams(): void {
    for (const { response } of this.followers) response.end();
    this.followers.clear();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const url = new URL(request.url ?? "/", "http://docker");
    const line = `${request.method} ${url.pathname}`;
    this.requests.push(line);
    if (request.headers["content-type"] === "application/json")
      this.bodies.push(Buffer.concat(pieces).toString());
    if (this.onRequest(line)) {
      request.socket.destroy();
      return;
    }
    const body = (): Record<string, unknown> =>
      JSON.parse(Buffer.concat(pieces).toString()) as Record<string, unknown>;
    const json = (value: unknown, status = 200): void => {
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));
    };
    const [, area, id = "", verb] = url.pathname.split("/");
    const container = this.containers.get(decodeURIComponent(id));
    if (line === "GET /containers/json") json([...this.containers.values()].map(listed));
    else if (line === "GET /images/json") json(this.images.map((tag) => ({ Created: 1, RepoTags: [tag] })));
    else if (area === "images" && verb === "json")
      if (this.images.includes(decodeURIComponent(id))) json({ Id: id });
      else json({ message: `No such image: ${id}` }, 404);
    else if (line === "GET /volumes") json({ Volumes: null, Warnings: null });
    else if (line === "GET /_ping") response.writeHead(200).end("OK");
    else if (line === "GET /version") json({ ApiVersion: this.apiVersion });
    else if (line === "POST /containers/create")
      json({ Id: this.create(url.searchParams.get("name") ?? "", body()) }, 201);
    else if (area === "exec" && verb === "start") this.start(id, response);
    else if (area === "exec") json({ ExitCode: this.exitCodes.get(id) ?? 0 });
    else if (container === undefined) json({ message: `No such container: ${id}` }, 404);
    else if (verb === "exec") {
      const execId = String(this.execs.size + 1);
      this.execs.set(execId, { container, argv: body()["Cmd"] as string[] });
      json({ Id: execId }, 201);
    } else if (verb === "json") {
      json({ RestartCount: container.restarts, State: { Status: container.state, ExitCode: 1 }, Mounts: [] });
    } else if (verb === "logs") response.writeHead(200).end(frame(this.log));
    else if (verb === "start") {
      container.state = "running";
      this.announce(container);
      response.writeHead(204).end();
    } else if (request.method === "DELETE") {
      this.containers.delete(container.name);
      response.writeHead(204).end();
    } else if (request.method === "GET" && verb === "archive" && this.archives.has(container.name))
      this.giveBack(container.name, response);
    else if (request.method === "GET") json({ message: "no such file" }, 404);
    else if (verb === "archive") {
      this.archives.set(container.name, Buffer.concat(pieces));
      response.writeHead(200).end();
    } else response.writeHead(verb === "stop" ? 204 : 200).end();
  }

  /** What was put into a container's folder, as the engine gives a folder: under its name. */
  private giveBack(name: string, response: ServerResponse): void {
    const [given, archive] = [extract(), pack()];
    given.on("entry", (header, entry, next) => {
      entry.pipe(archive.entry({ ...header, name: `mhlab/${header.name}` }, () => next()));
    });
    given.on("finish", () => archive.finalize());
    archive.pipe(response.writeHead(200));
    given.end(this.archives.get(name));
  }

  private create(name: string, body: Record<string, unknown>): string {
    const labels = body["Labels"] as Record<string, string>;
    const created = Math.floor(Date.now() / 1000);
    this.containers.set(name, {
      name,
      image: String(body["Image"]),
      state: "created",
      labels,
      restarts: 0,
      created,
      hostConfig: body["HostConfig"] as HostConfig,
    });
    return name;
  }

  private start(id: string, response: ServerResponse): void {
    const exec = this.execs.get(id);
    const text = exec === undefined ? "" : this.answer(exec.container, exec.argv);
    response.writeHead(200, { "Content-Type": "application/vnd.docker.raw-stream" });
    response.write(frame(text));
    // An event stream stays open until its reader goes.
    if (exec?.argv[1] === "all" && exec.argv[2] === "events") {
      this.followers.add({ lab: exec.container.labels[Label.lab], nonce: nonceIn(exec.argv), response });
    } else if (exec?.argv.includes("events") !== true || text === "") response.end();
  }

  /** Hands a connection over to a command. What the request carries as its body comes first. */
  private upgrade(
    { request, socket, head }: { request: IncomingMessage; socket: Duplex; head: Buffer },
    play: Parameters<FakeDaemon["onTalk"]>[0],
  ): void {
    const [, , id = ""] = (request.url ?? "").split("/");
    const exec = this.execs.get(id);
    let body = Number(request.headers["content-length"] ?? 0);
    let onInput: (text: string) => void = () => undefined;
    const take = (piece: Buffer): void => {
      const rest = piece.subarray(Math.min(body, piece.length));
      body -= piece.length - rest.length;
      if (rest.length > 0) onInput(rest.toString());
    };
    this.requests.push(`${request.method} ${request.url}`);
    this.sockets.add(socket);
    socket.on("error", () => undefined).once("close", () => this.sockets.delete(socket));
    socket.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
    socket.on("data", take);
    if (exec === undefined) return void socket.end();
    // What all agents say is the same with an input and without one.
    if (exec.argv[1] === "all" || exec.argv.includes("events")) {
      socket.write(frame(this.answer(exec.container, exec.argv)));
      if (!exec.argv.includes("events")) return void socket.end();
      this.followers.add({
        lab: exec.container.labels[Label.lab],
        nonce: nonceIn(exec.argv),
        response: socket,
      });
      return;
    }
    play(exec.container, exec.argv, {
      send: (bytes, stream = "stdout") => void socket.write(frame(bytes, stream === "stdout" ? 1 : 2)),
      onInput: (listener) => (onInput = listener),
      onEnd: (listener) => void socket.once("end", listener),
      end: (exitCode) => {
        this.exitCodes.set(id, exitCode);
        socket.end();
      },
    });
    if (head.length > 0) take(head);
  }

  private answer(asked: FakeContainer, argv: string[]): string {
    const [program = "", verb = "", ...rest] = argv;
    if (verb !== "all") return this.agent(asked, argv);
    const nodes = [...this.containers.values()].filter(
      ({ labels, state }) => state === "running" && labels[Label.lab] === asked.labels[Label.lab],
    );
    return nodes.map((one) => this.named(one, [program, ...rest])).join("");
  }

  /** What an agent says, as another one passes it on. */
  private named(one: FakeContainer, argv: string[]): string {
    const text = this.agent(one, argv).trimEnd();
    const node = JSON.stringify(one.labels[Label.name]);
    if (!text.startsWith("{")) return text === "" ? "" : `${text}\n`;
    const signer = new Signer(nonceIn(argv), randomBytes(6).toString("hex"), (said) =>
      createHmac("sha256", one.name).update(said).digest("hex"),
    );
    const signed = text.split("\n").map((line) => signer.sign(line));
    if (argv[1] === "events") return `${signed.join("\n")}\n`;
    return `{"node":${node},"status":${signed.join("\n")}}\n`;
  }

  /** Those who follow the events of a whole lab hear of a node that starts later. */
  private announce(started: FakeContainer): void {
    for (const { lab, nonce, response } of this.followers) {
      const text = this.named(started, ["agent", "events", `nonce=${nonce}`]);
      if (lab === started.labels[Label.lab] && text !== "") response.write(frame(text));
    }
  }
}

function nonceIn(argv: readonly string[]): string {
  return argv.find((word) => word.startsWith("nonce="))?.slice("nonce=".length) ?? "";
}

function listed({ name, image, state, labels, created = 0 }: FakeContainer): object {
  return { Id: name, Names: [`/${name}`], Image: image, State: state, Labels: labels, Created: created };
}

function frame(content: string | Buffer, stream = 1): Buffer {
  const bytes = Buffer.from(content as string);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}
