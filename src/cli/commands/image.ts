import { IMAGE_ROLES, type ImageRole } from "../../core/model/role.ts";
import type { Context } from "./context.ts";
import { FORMAT_OPTIONS } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import { flag, words, type Input, type Outcome } from "./input.ts";

/** `mhlab image build`. */
export const imageBuildCommand: CommandDefinition = {
  path: ["image", "build"],
  group: "Engine and images",
  summary: "build the images",
  description:
    "Builds the images whose files changed; `up` does this automatically. An image's tag is the hash of its folder, so nothing is built twice. `--force` rebuilds everything on a new base with today's packages, for Debian's security updates. Existing containers keep their image until `down` and `up`. Images of older versions stay until `image prune`.",
  arguments: [
    {
      usage: "[role...]",
      description: `${IMAGE_ROLES.join(", ")}; by default all`,
      choices: IMAGE_ROLES,
    },
  ],
  options: [
    { flags: "--force", description: "even if nothing changed, with new packages" },
    ...FORMAT_OPTIONS,
  ],
  examples: [
    ["image build", "everything that changed"],
    ["image build --force", "with today's packages; `doctor` says how old they are"],
  ],
  next: ["up <lab.yaml>", "image prune"],
  run: runBuild,
};

/** The images that a command names, or all. Throws UsageError for one that there is not. */
export async function imageRoles(input: Input): Promise<ImageRole[]> {
  const named = words(input, 0);
  const unknown = named.filter((role) => !IMAGE_ROLES.some((known) => known === role));
  if (unknown.length > 0) {
    const { UsageError } = await import("../../core/model/errors.ts");
    throw new UsageError(`there is no image ${unknown.join(", ")}`, {
      hint: `images are ${IMAGE_ROLES.join(", ")}`,
    });
  }
  return IMAGE_ROLES.filter((role) => named.length === 0 || named.includes(role));
}

async function runBuild(context: Context, input: Input): Promise<Outcome> {
  const wanted = await imageRoles(input);
  const [engine, images, { openProgress }] = await Promise.all([
    context.engine({ startSandbox: true, report: (text) => context.stderr.write(`${text}\n`) }),
    context.images(),
    import("../views/progress.ts"),
  ]);
  const { forEachBounded } = await import("../../app/bounded.ts");
  const existing = await engine.reader.listImages(context.signal);
  const live = context.stderr.isTTY && !context.verbose;
  const view = openProgress({ screen: context.stderr, live, colour: context.stderr.colour });
  const fresh = flag(input, "force");
  const results = wanted.map((role) => {
    const { reference } = images[role];
    return { role, reference, built: fresh || !existing.includes(reference) };
  });
  const writer = await engine.writer();
  try {
    await forEachBounded(
      results.filter(({ built }) => built),
      IMAGE_ROLES.length,
      async ({ role, reference }) => {
        const step = { action: "build", name: reference, role, reason: "asked for" } as const;
        view.show({ kind: "step", step, phase: "begin" });
        const onLine = (line: string): void => view.show({ kind: "build", image: reference, line });
        await writer.build(images[role], { signal: context.signal, fresh, onLine });
        view.show({ kind: "step", step, phase: "done" });
      },
    );
  } finally {
    view.close();
  }
  const text = results
    .map(({ reference, built }) => `${reference}  ${built ? "built" : "is up to date"}\n`)
    .join("");
  return { json: { images: results }, text };
}
