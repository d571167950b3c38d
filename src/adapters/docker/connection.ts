import type Dockerode from "dockerode";
import type { Reader } from "../../core/model/values/shape.ts";
import { DialAgent, openDial } from "./dial.ts";
import type { EngineEndpoint } from "./endpoint.ts";
import { engineError, ignoring, isUnreachable } from "./errors.ts";
import { noEngine } from "./no-engine.ts";
import { LIMITS, Patience, type Limits } from "./patience.ts";
import { traceRequest } from "./trace.ts";

/** A question to an engine. */
type Act<T> = (docker: Dockerode) => Promise<T>;

/** The one way to an engine: dockerode over connections of ours, with our patience, and our words for what fails. */
export class EngineConnection {
  readonly endpoint: EngineEndpoint;
  readonly limits: Limits;
  #agent: Promise<DialAgent> | undefined;
  #docker: Promise<Dockerode> | undefined;
  #answered = false;

  constructor(endpoint: EngineEndpoint, limits: Limits = LIMITS) {
    this.endpoint = endpoint;
    this.limits = limits;
  }

  /** What makes connections. Rejects with HostError when certificates cannot be read. */
  agent(): Promise<DialAgent> {
    return (this.#agent ??= this.#open());
  }

  /** Loaded late: what asks no engine does without. */
  docker(): Promise<Dockerode> {
    return (this.#docker ??= this.#load());
  }

  /** Does something with the engine. Rejects with a MhlabError; before the first answer that is "no engine", then "engine lost". */
  async ask<T>(operation: string, act: Act<T>): Promise<T> {
    try {
      return await act(await this.docker());
    } catch (error) {
      if (!this.#answered && isUnreachable(error)) throw noEngine(this.endpoint, error);
      throw engineError(error, operation);
    }
  }

  /** The answer to a question, read by its shape; undefined where the engine knows no such thing (404). */
  async read<T>(operation: string, shape: Reader<T>, act: Act<unknown>): Promise<T | undefined> {
    return await this.ask(operation, async (docker) => {
      const answer = await ignoring(404, act(docker));
      if (answer === undefined) return undefined;
      try {
        return shape(answer);
      } catch (cause) {
        throw new Error(`its answer is none of a Docker engine: ${(cause as Error).message}`, { cause });
      }
    });
  }

  async #open(): Promise<DialAgent> {
    const patience = new Patience(this.endpoint, this.limits);
    const { trace } = this.endpoint;
    return new DialAgent(await openDial(this.endpoint), (request) => {
      const answered = (): void => void (this.#answered = true);
      request.once("response", answered).once("upgrade", answered);
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
