/** The variables that mhlab reads. */
export const Variable = {
  /** `1`: use the sandbox's engine, as --sandbox does. */
  sandbox: "MHLAB_SANDBOX",
  /** Address of the Docker engine, as --host gives. */
  dockerHost: "DOCKER_HOST",
  /** Name of the docker context whose engine is used, as --context gives. */
  dockerContext: "DOCKER_CONTEXT",
  /** More output, as -v gives. */
  verbose: "MHLAB_VERBOSE",
} as const;

/** Whether a variable that stands for a flag is set to a yes. */
export function isYes(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "no", "false", "off"].includes(value.toLowerCase());
}
