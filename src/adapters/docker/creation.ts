import type { ContainerCreateOptions } from "dockerode";

/** The options of `createContainer` with which dockerode sends the body as the body only: it would put all of it into the URL as well. */
export function creation(body: ContainerCreateOptions, name?: string): ContainerCreateOptions {
  const split = { _query: name === undefined ? {} : { name }, _body: body };
  return split as ContainerCreateOptions;
}
