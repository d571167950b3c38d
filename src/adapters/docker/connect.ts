import type Dockerode from "dockerode";
import { DialAgent, openDial } from "./dial.ts";
import type { EngineEndpoint } from "./endpoint.ts";
import { Patience, type Limits } from "./patience.ts";

/** A dockerode for an endpoint. Loaded late: importing it takes longer than `mhlab --help` may. */
export async function connect(endpoint: EngineEndpoint, limits?: Limits): Promise<Dockerode> {
  const [{ default: Docker }, dial] = await Promise.all([import("dockerode"), openDial(endpoint)]);
  // Its types do not know the agent.
  const options = {
    protocol: "http" as const,
    host: "docker",
    agent: new DialAgent(dial, new Patience(endpoint, limits)),
  };
  return withoutDockerHost(() => new Docker(options));
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
