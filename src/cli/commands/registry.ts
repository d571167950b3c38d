import { aboutCommands } from "./about.ts";
import { captureCommand } from "./capture.ts";
import { checkCommand } from "./check.ts";
import { completionCommand } from "./completion.ts";
import { controlCommands } from "./control.ts";
import { dashboardCommand } from "./dashboard.ts";
import type { CommandDefinition } from "./definition.ts";
import { doctorCommand } from "./doctor.ts";
import { downCommand } from "./down.ts";
import { engineLsCommand } from "./engine.ts";
import { eventsCommand } from "./events.ts";
import { execCommand } from "./exec.ts";
import { exportCommands } from "./export.ts";
import { faultCommands } from "./fault.ts";
import { graphCommand } from "./graph.ts";
import { bundleCommand } from "./bundle.ts";
import { imageBuildCommand } from "./image.ts";
import { imageLoadCommand } from "./image-load.ts";
import { imagePruneCommand } from "./image-prune.ts";
import { imageSbomCommand } from "./image-sbom.ts";
import { initCommand } from "./init.ts";
import { keysCommands } from "./keys.ts";
import { lsCommand } from "./ls.ts";
import { loadCommands } from "./load.ts";
import { logsCommand } from "./logs.ts";
import { metricsCommand } from "./metrics.ts";
import { peerConfigCommand } from "./peer-config.ts";
import { providerCommands } from "./provider.ts";
import { renumberCommand } from "./renumber.ts";
import { reportCommand } from "./report.ts";
import { runCommand } from "./run.ts";
import { sandboxCommands } from "./sandbox.ts";
import { shellCommand } from "./shell.ts";
import { statusCommand } from "./status.ts";
import { upCommand } from "./up.ts";
import { validateCommand } from "./validate.ts";

/** Every command, in the order in which help lists them. */
export const commands: readonly CommandDefinition[] = [
  upCommand,
  statusCommand,
  lsCommand,
  downCommand,
  ...controlCommands,
  renumberCommand,
  validateCommand,
  initCommand,
  ...providerCommands,
  peerConfigCommand,
  ...keysCommands,
  ...faultCommands,
  runCommand,
  reportCommand,
  checkCommand,
  ...loadCommands,
  dashboardCommand,
  eventsCommand,
  graphCommand,
  metricsCommand,
  logsCommand,
  execCommand,
  shellCommand,
  captureCommand,
  doctorCommand,
  ...sandboxCommands,
  engineLsCommand,
  imageBuildCommand,
  imageLoadCommand,
  imagePruneCommand,
  imageSbomCommand,
  bundleCommand,
  ...exportCommands,
  completionCommand,
  ...aboutCommands,
];

/** What a group of subcommands is for. */
export const groupSummaries: Readonly<Record<string, string>> = {
  provider: "the providers of a lab file: add, edit and remove them",
  fault: "make providers fail as real ones do, and clear them",
  load: "real traffic by established tools, and what it measures",
  sandbox: "a throw-away engine that leaves this machine's network alone",
  keys: "keys of a lab: show them, replace them",
  engine: "the Docker engines of labs on several machines",
  image: "the images of the containers",
  export: "a lab for people without mhlab: compose, docker run, containerlab, quadlet",
};
