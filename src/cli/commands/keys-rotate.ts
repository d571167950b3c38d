import type { Rotated } from "../../app/rotate-key.ts";
import type { Lab } from "../../core/model/lab/model.ts";
import type { Progress } from "../../core/render/plan/progress.ts";
import { ALLOW_ENV, allowVariables } from "./allow-env.ts";
import type { Context } from "./context.ts";
import { FORMAT_OPTIONS } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import { findNode } from "./find-lab.ts";
import { count, flag, text, word, type Input, type Outcome } from "./input.ts";

/** `mhlab keys rotate`. */
export const keysRotateCommand: CommandDefinition = {
  path: ["keys", "rotate"],
  group: "Labs",
  summary: "rotate a provider's key without an outage",
  description:
    "With `internet: bundled`, one command does everything. With a real peer there are two steps: --prepare (the default) generates the next key and prints a script for the server, which adds that key and moves the provider's addresses to it at the first handshake. --commit then uses the next key and waits for that handshake; if none arrives, the provider returns to the old key. Customers' leases and routes stay.",
  arguments: [
    { usage: "<provider>", description: "a provider of a running lab" },
    { usage: "[lab.yaml]", description: "the lab file; by default the one that the lab was started with" },
  ],
  options: [
    { flags: "--prepare", description: "generate the next key, print the server's script" },
    { flags: "--commit", description: "use the next key, or revert if the peer does not answer" },
    { flags: "--cancel", description: "discard the next key" },
    {
      flags: "--timeout <seconds>",
      description: "how long --commit waits for a handshake",
      default: "30",
    },
    ALLOW_ENV,
    { flags: "--lab <name>", description: "the lab, if several have that provider" },
    ...FORMAT_OPTIONS,
  ],
  examples: [
    ["keys rotate alpha", "everything, with `internet: bundled`"],
    ["keys rotate alpha --prepare | ssh root@server sh", "step 1: the server learns the next key"],
    ["keys rotate alpha --commit", "step 2: use it"],
  ],
  next: ["peer-config <lab.yaml>", "keys show"],
  run: runRotate,
};

interface Target {
  readonly lab: Lab;
  /** Absolute path. */
  readonly labFile: string;
  readonly provider: string;
}

async function runRotate(context: Context, input: Input): Promise<Outcome> {
  const modes = (["prepare", "commit", "cancel"] as const).filter((mode) => flag(input, mode));
  if (modes.length > 1) {
    const { UsageError } = await import("../../core/model/errors.ts");
    throw new UsageError(`--${modes.join(" and --")} exclude each other`, { hint: "give one of them" });
  }
  const target = await findTarget(context, input);
  const keys = await context.keys();
  const { lab, provider } = target;
  if (modes[0] === "cancel") {
    const forgotten = (await keys.rotation.next(lab.name, provider)) ?? null;
    await keys.rotation.drop(lab.name, provider);
    return {
      json: { lab: lab.name, provider, forgotten },
      text: forgotten === null ? `${provider} had no next key\n` : `forgot ${provider}'s next key\n`,
    };
  }
  if (lab.internet === "bundled") {
    await keys.rotation.prepare(lab.name, provider);
    return commit(context, input, target);
  }
  return modes[0] === "commit" ? commit(context, input, target) : prepare(context, target);
}

async function findTarget(context: Context, input: Input): Promise<Target> {
  const [{ labFileHere, loadLab }, { Label }, { UsageError }] = await Promise.all([
    import("../../app/choose-lab.ts"),
    import("../../core/model/names.ts"),
    import("../../core/model/errors.ts"),
  ]);
  const provider = word(input, 0) ?? "";
  const source = await context.labSource();
  let file = word(input, 1);
  let running: string | undefined;
  if (file === undefined) {
    const node = await findNode(context, { name: provider, lab: text(input, "lab"), role: "bng" });
    running = node.lab;
    const startedFrom = node.container.labels[Label.labFile];
    // An engine elsewhere may have been told of a file of another machine.
    const there = startedFrom !== undefined && (await source.exists(startedFrom));
    file = there ? startedFrom : await labFileHere(source);
  }
  const loaded = await loadLab(file, source);
  await allowVariables(context, input, loaded);
  const { lab, place: labFile } = loaded;
  if (running !== undefined && running !== lab.name) {
    throw new UsageError(`${file} is the file of the lab '${lab.name}', and ${provider} is of '${running}'`, {
      hint: `name the file of '${running}': mhlab keys rotate ${provider} <lab.yaml>`,
    });
  }
  const names = lab.providers.map(({ name }) => name);
  if (names.includes(provider)) return { lab, labFile, provider };
  throw new UsageError(`the lab '${lab.name}' has no provider ${provider}`, {
    hint: `its providers are ${names.join(", ")}`,
  });
}

async function prepare(context: Context, { lab, provider }: Target): Promise<Outcome> {
  const [{ peerConfig }, { renderRotation }] = await Promise.all([
    import("../../app/peer-config.ts"),
    import("../../features/peer/rotation.ts"),
  ]);
  const keys = await context.keys();
  const options = { variant: "routed", uplink: undefined, outside: undefined } as const;
  const { farSides } = await peerConfig(lab, keys, { provider, ...options });
  const next = await keys.rotation.prepare(lab.name, provider);
  const script = farSides.map((farSide) => renderRotation(farSide, provider, next) ?? "").join("");
  context.stderr.write(
    `the next key of ${provider} is ${next}\nrun this on ${farSides[0]?.server ?? "the far side"} as root, then here: ${context.self} keys rotate ${provider} --commit\n`,
  );
  return { json: { lab: lab.name, provider, next, script }, text: script };
}

async function commit(context: Context, input: Input, target: Target): Promise<Outcome> {
  const timeoutS = count(input, "timeout", { flag: "--timeout", min: 1, max: 3600 }) ?? 30;
  const [{ commitKey }, { openProgress }, engines, keys, lock] = await Promise.all([
    import("../../app/rotate-key.ts"),
    import("../views/progress.ts"),
    context.engines({}, target.lab),
    context.keys(),
    context.lock(),
  ]);
  const { lab, labFile, provider } = target;
  const view = openProgress({
    screen: context.stderr,
    live: context.stderr.isTTY && !context.verbose,
    colour: context.stderr.colour,
  });
  let rotated: Rotated;
  try {
    rotated = await commitKey(
      lab,
      provider,
      {
        engines,
        keys,
        lock,
        images: () => context.images(),
        digest: context.digest,
      },
      {
        labFile,
        version: context.version,
        timeoutMs: timeoutS * 1000,
        report: (progress: Progress) => view.show(progress),
        signal: context.signal,
      },
    );
  } finally {
    view.close();
  }
  const after =
    lab.internet === "bundled"
      ? ""
      : `For the server's next boot, give it its configuration again: ${context.self} peer-config ${labFile}\n`;
  return {
    json: { lab: lab.name, provider, before: rotated.before ?? null, after: rotated.after ?? null },
    text: `${provider}'s key is ${rotated.after}\n${after}`,
  };
}
