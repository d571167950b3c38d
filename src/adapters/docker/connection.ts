import type Dockerode from "dockerode";
import { DialAgent, openDial } from "./dial.ts";
import type { EngineEndpoint } from "./endpoint.ts";
import { LIMITS, Patience, type Limits } from "./patience.ts";
import { traceRequest } from "./trace.ts";

/**
 * The one way to an engine. Whoever makes a request, mhlab's client (questions, and commands in containers) or dockerode
 * (changes), it goes by the same connections, is waited for with the same patience, and is told to the same ear.
 */
export class EngineConnection {
  readonly endpoint: EngineEndpoint;
  readonly limits: Limits;
  #agent: Promise<DialAgent> | undefined;
  #docker: Promise<Dockerode> | undefined;

  constructor(endpoint: EngineEndpoint, limits: Limits = LIMITS) {
    this.endpoint = endpoint;
    this.limits = limits;
  }

  /** What makes connections. Rejects with HostError when certificates cannot be read. */
  agent(): Promise<DialAgent> {
    return (this.#agent ??= this.#open());
  }

  /** Loaded late: reading dockerode takes longer than many a question. */
  docker(): Promise<Dockerode> {
    return (this.#docker ??= this.#load());
  }

  async #open(): Promise<DialAgent> {
    const patience = new Patience(this.endpoint, this.limits);
    const { trace } = this.endpoint;
    return new DialAgent(await openDial(this.endpoint), (request) => {
      patience.watch(request);
      if (trace !== undefined) traceRequest(request, trace);
    });
  }

  async #load(): Promise<Dockerode> {
    const [{ default: Docker }, agent] = await Promise.all([import("dockerode"), this.agent()]);
    // Its types do not know the agent.
    const options = { protocol: "http" as const, host: "docker", agent };
    return withoutDockerHost(() => new Docker(options));
  }
}

/** Whatever it is told, dockerode mixes DOCKER_HOST into it, and that names another engine when --host or --sandbox is given. */
function withoutDockerHost<T>(make: () => T): T {
  const { DOCKER_HOST: named } = process.env;
  delete process.env["DOCKER_HOST"];
  try {
    return make();
  } finally {
    if (named !== undefined) process.env["DOCKER_HOST"] = named;
  }
}
