import { ExitCode } from "../../core/model/errors.ts";
import type { Finding } from "../../core/model/host/finding.ts";
import type { Lab } from "../../core/model/lab/model.ts";
import { viewOn, type Context } from "./context.ts";
import { FORMAT_OPTIONS } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import { flag, text, wantsJson, word, type Input, type Outcome } from "./input.ts";

/** `mhlab doctor`. */
export const doctorCommand: CommandDefinition = {
  path: ["doctor"],
  group: "Look inside",
  summary: "check the engine and its host, with a fix for each problem",
  description:
    "Checks the engine, its images and the age of their packages, and, through a short-lived container, the engine host: kernel features, IPv6, packet filters that block bridges, network managers, clock, disk. With a lab file, also that lab's interfaces, bridges and kernel features, on each of its engines. Changes nothing. Exit code 3 if something blocks.",
  arguments: [{ usage: "[lab.yaml]", description: "a lab file whose requirements are checked too" }],
  options: [
    {
      flags: "--path <endpoint>",
      description: "measure the path MTU to a tunnel endpoint, and suggest the tunnel's",
    },
    {
      flags: "--images",
      description: "list known vulnerabilities of the built images, from Debian's security tracker",
    },
    { flags: "--tracker <file>", description: "with --images: read the tracker's data from a file" },
    ...FORMAT_OPTIONS,
  ],
  examples: [
    ["doctor", "the engine and its host"],
    ["doctor lab.yaml", "and whether this lab can run there"],
    ["doctor --path vpn.example.net:51820", "the MTU of a tunnel to that endpoint"],
    ["doctor --images", "and known vulnerabilities that an image rebuild fixes"],
    ["doctor --json | jq '.findings[] | select(.level == \"block\")'", "for scripts"],
  ],
  next: ["up <lab.yaml>"],
  run: runDoctor,
};

async function runDoctor(context: Context, input: Input): Promise<Outcome> {
  const [{ examine, examineEngines }, { blocks }, lab, path] = await Promise.all([
    import("../../app/doctor.ts"),
    import("../../core/model/host/finding.ts"),
    readLab(context, word(input, 0)),
    hostOf(text(input, "path")),
  ]);
  const current = await ownImages(context);
  const { signal } = context;
  const question = { path, current, signal };
  const findings = [
    ...(lab === undefined || lab.engines.length === 0
      ? await examine(await (await context.engine()).probe(), { lab, ...question })
      : await examineEngines(await context.engines({}, lab), { lab, ...question })),
    ...(flag(input, "images") ? await ofImages(context, current ?? [], text(input, "tracker")) : []),
  ];
  const healthy = !blocks(findings);
  const exitCode = healthy ? ExitCode.ok : ExitCode.hostLacks;
  if (wantsJson(input)) return { json: { healthy, findings }, exitCode };
  const { renderFindings } = await import("../views/doctor.ts");
  return {
    text: renderFindings(findings, {
      ...viewOn(context.stdout),
    }),
    exitCode,
  };
}

async function ofImages(
  context: Context,
  references: readonly string[],
  file: string | undefined,
): Promise<Finding[]> {
  const { examineImages } = await import("../../app/doctor-images.ts");
  const tracker = (): Promise<string> => context.securityTracker(file);
  return await examineImages(await context.engine(), { references, tracker, signal: context.signal });
}

/** An mhlab that is not built completely has none to compare with. */
async function ownImages(context: Context): Promise<string[] | undefined> {
  const images = await context.images().catch(() => undefined);
  return images === undefined ? undefined : Object.values(images).map(({ reference }) => reference);
}

async function readLab(context: Context, file: string | undefined): Promise<Lab | undefined> {
  if (file === undefined) return undefined;
  const { loadLab } = await import("../../app/choose-lab.ts");
  return (await loadLab(file, await context.labSource())).lab;
}

/** The host of an endpoint; the port may be left out. Throws UsageError. */
async function hostOf(endpoint: string | undefined): Promise<string | undefined> {
  if (endpoint === undefined) return undefined;
  const [{ parseEndpoint }, { parseIp6 }] = await Promise.all([
    import("../../core/model/values/parse.ts"),
    import("../../core/model/ip6.ts"),
  ]);
  const bare = parseIp6(endpoint) === undefined ? endpoint : `[${endpoint}]`;
  const parsed = parseEndpoint(endpoint) ?? parseEndpoint(`${bare}:1`);
  if (parsed !== undefined) return parsed.host;
  const { UsageError } = await import("../../core/model/errors.ts");
  throw new UsageError(`--path is '${endpoint}'`, {
    hint: "an endpoint such as 192.0.2.42:51820, [2001:db8::1]:51820 or vpn.example.net",
  });
}
