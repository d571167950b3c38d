import { createHash } from "node:crypto";
import { dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EngineEndpoint } from "../adapters/docker/endpoint.ts";
import type { Context, EngineOptions } from "./commands/context.ts";
import type { Engine } from "../app/ports/engine.ts";
import type { Sandbox } from "../app/ports/sandbox.ts";
import { labOnDisk } from "../adapters/files/lab-on-disk.ts";
import { examplePath } from "./example.ts";
import { COMMIT } from "./commit.ts";
import { isYes, Variable } from "./env.ts";
import { openOutput, type Io } from "./io.ts";
import type { Invocation } from "./program.ts";
import { engineChoice, meansSandbox, selfOf } from "./self.ts";

const PAGE = fileURLToPath(new URL("../../dist/web", import.meta.url));
const AGENT_PACKAGES = fileURLToPath(new URL("../../dist/agent-packages.json", import.meta.url));
const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));
const IMAGES = fileURLToPath(new URL("../../images", import.meta.url));

/** Wires what commands may touch. Everything heavy is loaded when a command asks for it. */
export function openContext(
  io: Io,
  { options }: Pick<Invocation, "options">,
  version: string,
  signal: AbortSignal,
): Context {
  const { env } = io;
  const colour = options["color"] !== false;
  const verbose = options["verbose"] === true || isYes(env[Variable.verbose]);
  const choice = engineChoice(options);
  const useSandbox = meansSandbox(options, env);
  const self = selfOf(options, env);
  let opened: Promise<Engine> | undefined;
  let usesSandbox = useSandbox;

  const sandbox = async (): Promise<Sandbox> => {
    const { openSandbox } = await import("./sandbox.ts");
    return openSandbox(env, signal);
  };

  const tell = (text: string): void => context.stderr.write(`${text}\n`);

  const addressOf = async ({ startSandbox, report }: EngineOptions): Promise<EngineEndpoint> => {
    const { endpointOfSandbox, orSandbox } = await import("./engine-address.ts");
    if (useSandbox) {
      const start = startSandbox === true ? (report ?? (() => undefined)) : undefined;
      return await endpointOfSandbox(await sandbox(), start);
    }
    const { chooseEndpoint } = await import("../adapters/docker/engine-context.ts");
    const chosen = await chooseEndpoint(choice, env);
    const endpoint = await orSandbox(chosen, sandbox, tell);
    usesSandbox = endpoint !== chosen;
    return endpoint;
  };

  const endpointOf = async (engineOptions: EngineOptions): Promise<EngineEndpoint> => {
    const endpoint = await addressOf(engineOptions);
    if (!verbose) return endpoint;
    const { harmless } = await import("./views/theme.ts");
    return { ...endpoint, trace: (line) => tell(harmless(line)) };
  };

  const openEngine = async (engineOptions: EngineOptions): Promise<Engine> => {
    const [{ openEngine: open }, { harmless }, endpoint] = await Promise.all([
      import("../adapters/docker/engine.ts"),
      import("./views/theme.ts"),
      endpointOf(engineOptions),
    ]);
    return open({ ...endpoint, tell: (text) => tell(harmless(text)) }, env);
  };

  const further = new Map<string, Promise<Engine>>();
  /** An engine that a lab names; opened once. */
  const openAt = (host: string): Promise<Engine> => {
    const known = further.get(host);
    if (known !== undefined) return known;
    const opening = openNamed(host);
    further.set(host, opening);
    return opening;
  };
  const openNamed = async (host: string): Promise<Engine> => {
    const [{ chooseEndpoint }, { openEngine: open }, { harmless }] = await Promise.all([
      import("../adapters/docker/engine-context.ts"),
      import("../adapters/docker/engine.ts"),
      import("./views/theme.ts"),
    ]);
    const named = host.startsWith("context:") ? { context: host.slice("context:".length) } : { host };
    const endpoint = await chooseEndpoint(named, env);
    const trace = verbose ? { trace: (line: string) => tell(harmless(line)) } : {};
    return open({ ...endpoint, ...trace, tell: (text) => tell(harmless(text)) }, env);
  };

  const context: Context = {
    stdout: openOutput(io.stdout, { env, colour, self }),
    stderr: openOutput(io.stderr, { env, colour, self }),
    stdinIsTTY: io.stdinIsTTY,
    version,
    commit: COMMIT,
    verbose,
    self,
    signal,
    engine(engineOptions = {}) {
      return (opened ??= openEngine(engineOptions));
    },
    async engines(engineOptions, lab) {
      const { Engines } = await import("../app/agents/engines.ts");
      if (lab === undefined || lab.engines.length === 0)
        return new Engines([await context.engine(engineOptions)], { open: openAt });
      const { enginesOfLab } = await import("./lab-engines.ts");
      const named = useSandbox ? "--sandbox" : (choice.host ?? choice.context);
      return new Engines(...(await enginesOfLab(lab, named, openAt)));
    },
    sandbox,
    async sandboxBeside() {
      if (usesSandbox) return undefined;
      const { sandboxHint } = await import("./sandbox-hint.ts");
      return await sandboxHint(options, env, sandbox);
    },
    async labSource() {
      const { parseLab } = await import("../core/model/lab/parse.ts");
      return {
        ...labOnDisk,
        example: examplePath(),
        parse: (text, { file }) => parseLab(text, { file, env }),
      };
    },
    async scenarioSource() {
      const [{ labPathOf, parseScenario }, source] = await Promise.all([
        import("../core/judge/scenario/parse.ts"),
        context.labSource(),
      ]);
      return {
        ...source,
        readBeside: labOnDisk.readBeside,
        beside: (file, path) => (isAbsolute(path) ? path : join(dirname(file), path)),
        labPathOf: (text) => labPathOf(text, env),
        parseScenario: (text, { variables, ...where }) =>
          parseScenario(text, { ...where, variables: { ...env, ...variables } }),
      };
    },
    async runFolders() {
      return (await import("../adapters/files/run-folder.ts")).runFolders;
    },
    async packetReader() {
      return (await import("../adapters/machine/tshark.ts")).tshark;
    },
    async runShelf(path) {
      return (await import("../adapters/files/run-shelf.ts")).runShelf(path);
    },
    async keys() {
      const [{ openKeyStore }, { stateFolder }] = await Promise.all([
        import("../adapters/files/key-store.ts"),
        import("../adapters/files/state-folder.ts"),
      ]);
      return openKeyStore(stateFolder(env));
    },
    async lock() {
      const [{ openLabLock }, { stateFolder }] = await Promise.all([
        import("../adapters/files/lock.ts"),
        import("../adapters/files/state-folder.ts"),
      ]);
      return openLabLock(stateFolder(env));
    },
    async allowedVariables() {
      const [{ openAllowedVariables }, { stateFolder }] = await Promise.all([
        import("../adapters/files/allowed-variables.ts"),
        import("../adapters/files/state-folder.ts"),
      ]);
      return openAllowedVariables(stateFolder(env));
    },
    async images() {
      const { imagesToBuild } = await import("../adapters/docker/context.ts");
      return await imagesToBuild(IMAGES);
    },
    async bundledPackages() {
      const { readFile } = await import("node:fs/promises");
      const file = await readFile(AGENT_PACKAGES, "utf8").catch(() => "[]");
      return JSON.parse(file) as Awaited<ReturnType<Context["bundledPackages"]>>;
    },
    async securityTracker(file) {
      const [{ trackerAt, trackerFile }, { TRACKER_URL }] = await Promise.all([
        import("../adapters/files/tracker-data.ts"),
        import("../features/sbom/tracker.ts"),
      ]);
      return file === undefined ? await trackerAt(TRACKER_URL, signal) : trackerFile(file);
    },
    async byteSink(target) {
      const { openByteSink } = await import("../adapters/files/byte-sink.ts");
      return openByteSink(target, io.stdout);
    },
    async exportFolder() {
      return (await import("../adapters/files/export-folder.ts")).exportFolder;
    },
    async ownPackage() {
      return (await import("../adapters/files/own-package.ts")).ownPackage(PACKAGE);
    },
    async guide() {
      const [{ openGuide }, { commands }] = await Promise.all([
        import("./guide.ts"),
        import("./commands/registry.ts"),
      ]);
      const stderr = openOutput(io.stderr, { env, colour, self });
      return openGuide({
        interactive: io.stdinIsTTY && stderr.isTTY,
        colour: stderr.colour,
        endpoint: () => endpointOf({}),
        sandbox: useSandbox,
        env,
        signal,
        run: async (path, input) =>
          await commands.find((command) => command.path.join(" ") === path)?.run(context, input),
        enginesBy: (more) => openContext(io, { options: { ...options, ...more } }, version, signal).engines(),
      });
    },
    async web() {
      const { webMachine } = await import("../adapters/http/machine.ts");
      return webMachine(PAGE, env);
    },
    async help(words) {
      const [{ helpText }, { commands, groupSummaries }] = await Promise.all([
        import("./program.ts"),
        import("./commands/registry.ts"),
      ]);
      const columns = io.stdout.columns ?? 80;
      return helpText(words, { definitions: commands, groupSummaries, version, columns });
    },
    digest: (text) => createHash("sha256").update(text).digest("hex"),
    async schema(of) {
      if (of === "status") return (await import("../core/model/status/json-schema.ts")).statusJsonSchema();
      if (of === "check") return (await import("../core/judge/check/verdict.ts")).checkJsonSchema();
      if (of === "scenario")
        return (await import("../core/judge/scenario/json-schema.ts")).scenarioJsonSchema();
      const { labJsonSchema } = await import("../core/model/lab/json-schema.ts");
      return labJsonSchema();
    },
  };
  return context;
}
