/** The variables that mhlab reads; every option has one more by rule, see optionVariable. */
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

/** The variable that sets an option of a command: `MHLAB_UP_DRY_RUN` for `up --dry-run`. */
export function optionVariable(path: readonly string[], longFlag: string): string {
  const name = [...path, longFlag.replace(/^--(no-)?/, "")].join("_").replace(/-/g, "_").toUpperCase();
  return `MHLAB_${longFlag.startsWith("--no-") ? name.replace(/_([^_]+)$/, "_NO_$1") : name}`;
}

/** Whether a variable that stands for a flag says yes. */
export function isYes(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "no", "false", "off"].includes(value.toLowerCase());
}
