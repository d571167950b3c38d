import { ExitCode } from "../core/errors.ts";
import type { SandboxReport } from "../app/ports/sandbox.ts";
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
    summary: "start the throw-away engine",
    description:
      "Starts the sandbox: namespaces and a Docker engine of its own; this machine's network does not change. Fine when it runs already. Needs root, and asks sudo for it by name.",
    options: FORMAT_OPTIONS,
    examples: [
      ["sandbox start", "by hand; `mhlab --sandbox up` does it by itself"],
      ["--sandbox up lab.yaml", "a lab on it"],
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
    summary: "stop it; images and containers stay",
    description: "Stops the sandbox and everything in it. With --purge its images and containers go too.",
    options: [
      { flags: "--purge", description: "remove its images and containers as well" },
      ...FORMAT_OPTIONS,
    ],
    examples: [
      ["sandbox stop", "images stay, the next start is quick"],
      ["sandbox stop --purge", "leave nothing"],
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
    summary: "whether it runs, and where",
    description:
      "Tells whether the sandbox runs, the address of its engine and its PID 1. In JSON, `socket` works as DOCKER_HOST as it stands, and `pid` for nsenter. Exit code 5 when it does not run.",
    options: FORMAT_OPTIONS,
    examples: [
      ["sandbox status", "for people"],
      ["sandbox status --json | jq -r .socket", "the engine's address, as DOCKER_HOST takes it"],
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
      ["sandbox exec -- ip -br link", "the interfaces of the sandbox"],
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
