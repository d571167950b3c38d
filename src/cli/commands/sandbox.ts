import { ExitCode } from "../../core/model/errors.ts";
import type { SandboxReport } from "../../app/ports/sandbox.ts";
import { FORMAT_OPTIONS } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import { flag, words } from "./input.ts";

const group = "Engine and images";

/** `mhlab sandbox start|stop|status|exec`. */
export const sandboxCommands: readonly CommandDefinition[] = [
  {
    path: ["sandbox", "start"],
    asksEngine: false,
    group,
    summary: "start the sandbox",
    description:
      "Starts the sandbox, with its own namespaces and Docker engine; this machine's network does not change. Does nothing if it is running. Needs root, and uses sudo if necessary.",
    options: FORMAT_OPTIONS,
    examples: [
      ["sandbox start", "by hand; `mhlab --sandbox up` does it automatically"],
      ["--sandbox up lab.yaml", "a lab in it"],
    ],
    next: ["--sandbox up <lab.yaml>", "sandbox status"],
    async run(context) {
      const sandbox = await context.sandbox();
      const status = await sandbox.start((step) => context.stderr.write(`${step}\n`));
      const text = `the sandbox ${status.already ? "was running already" : "is running"}\n${describe(status)}`;
      return { json: status, text };
    },
  },
  {
    path: ["sandbox", "stop"],
    asksEngine: false,
    group,
    summary: "stop the sandbox; images and containers stay",
    description:
      "Stops the sandbox and everything in it. With --purge, also removes its images and containers.",
    options: [{ flags: "--purge", description: "also remove its images and containers" }, ...FORMAT_OPTIONS],
    examples: [
      ["sandbox stop", "images stay, so the next start is quick"],
      ["sandbox stop --purge", "remove everything"],
    ],
    next: ["sandbox start"],
    async run(context, input) {
      const sandbox = await context.sandbox();
      const purge = flag(input, "purge");
      const result = await sandbox.stop(purge, (step) => context.stderr.write(`${step}\n`));
      return { json: result, text: `the sandbox is stopped${purge ? ", nothing of it is left" : ""}\n` };
    },
  },
  {
    path: ["sandbox", "status"],
    asksEngine: false,
    group,
    summary: "show the sandbox's state",
    description:
      "Shows whether the sandbox is running, its engine's address and its PID 1. In JSON, `socket` is a DOCKER_HOST address, and `pid` works with nsenter. Exit code 5 if it is not running.",
    options: FORMAT_OPTIONS,
    examples: [
      ["sandbox status", "for people"],
      ["sandbox status --json | jq -r .socket", "the engine's address, for DOCKER_HOST"],
    ],
    async run(context) {
      const status = await (await context.sandbox()).status();
      const text = status.running
        ? `the sandbox is running\n${describe(status)}`
        : `the sandbox is not running\n`;
      return { json: status, text, exitCode: status.running ? ExitCode.ok : ExitCode.degraded };
    },
  },
  {
    path: ["sandbox", "exec"],
    asksEngine: false,
    group,
    summary: "run a command in the sandbox",
    description: "Runs a command as root in the sandbox's namespaces, with DOCKER_HOST set to its engine.",
    arguments: [{ usage: "<command...>", description: "the command and its arguments, after --" }],
    examples: [
      ["sandbox exec -- ip -br link", "the sandbox's interfaces"],
      ["sandbox exec -- docker ps", "its engine"],
    ],
    passThrough: true,
    async run(context, input) {
      const argv = words(input, 0).filter((one, index) => index > 0 || one !== "--");
      return { exitCode: await (await context.sandbox()).exec(argv) };
    },
  },
];

function describe({ socket, pid, root, problem }: SandboxReport): string {
  const lines = [`  engine   ${socket}`, `  pid      ${pid ?? "-"}`, `  folder   ${root}`];
  if (problem !== null) lines.push(`  problem  ${problem}`);
  return `${lines.join("\n")}\n`;
}
