import type { PeerConfig } from "../../app/peer-config.ts";
import {
  FILE_FORMATS,
  VARIANTS,
  type FarFile,
  type FarSide,
  type FileFormat,
  type Variant,
} from "../../features/peer/model.ts";
import type { Lab } from "../../core/model/lab/model.ts";
import type { Prefix6 } from "../../core/model/ip6.ts";
import { ALLOW_ENV, allowVariables } from "./allow-env.ts";
import type { Context } from "./context.ts";
import { LAB_FILE_ARGUMENT } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import { text, wantsJson, word, type Input, type Outcome } from "./input.ts";

/** The lab file says nearly all: an engine that is slow is not waited for. */
const PATIENCE_MS = 2000;

/** `mhlab peer-config`. */
export const peerConfigCommand: CommandDefinition = {
  path: ["peer-config"],
  asksEngine: false,
  group: "Labs",
  summary: "print the configuration of your tunnel server",
  description:
    "Prints the configuration of the server at which the tunnels end: WireGuard interface and peers, routes, forwarding, firewall, and what the --variant requires. It is always complete: all providers at one server share its configuration. During a renumbering it has all prefixes of the provider. Generates missing keys; prints no secrets.",
  arguments: [
    LAB_FILE_ARGUMENT,
    { usage: "[provider]", description: "the server of this provider, if the lab has several servers" },
  ],
  options: [
    {
      flags: "--format <format>",
      description: "files for wg-quick, systemd-networkd or nftables; a shell script; or everything as JSON",
      choices: [...FILE_FORMATS, "script", "json"],
      default: "wg-quick",
    },
    { flags: "--json", description: "short for --format json" },
    {
      flags: "--variant <variant>",
      description:
        "how the server gets the prefixes: routed to it, on-link, or not at all (nat66, nptv6: compromises)",
      choices: VARIANTS,
      default: "routed",
    },
    { flags: "--uplink <interface>", description: "the server's interface to the internet, such as eth0" },
    ALLOW_ENV,
    { flags: "--outside <prefix>", description: "with nptv6: the server's prefix" },
  ],
  examples: [
    ["peer-config lab.yaml > mhlab-51820.conf", "for /etc/wireguard on the server"],
    [
      "peer-config lab.yaml --format script | ssh root@server sh -s up",
      "apply it now; `sh -s down` reverts it",
    ],
    ["peer-config lab.yaml --variant on-link --uplink eth0", "the prefix is not routed to the server"],
    ["peer-config lab.yaml --variant nat66", "the server has no prefix"],
  ],
  next: ["up <lab.yaml> --wait", "keys show <lab.yaml>"],
  run: runPeerConfig,
};

async function runPeerConfig(context: Context, input: Input): Promise<Outcome> {
  const [{ fileAndName, loadLab }, { peerConfig }, { describeFarSide, renderFiles }, { renderScript }] =
    await Promise.all([
      import("../../app/choose-lab.ts"),
      import("../../app/peer-config.ts"),
      import("../../features/peer/describe.ts"),
      import("../../features/peer/script.ts"),
    ]);
  const format = wantsJson(input) ? "json" : (text(input, "format") ?? "wg-quick");
  const variant = (text(input, "variant") ?? "routed") as Variant;
  const uplink = await readUplink(text(input, "uplink"));
  const needsUplink = variant === "on-link" || variant === "nptv6";
  if (needsUplink && uplink === undefined && (format === "wg-quick" || format === "networkd")) {
    const { UsageError } = await import("../../core/model/errors.ts");
    throw new UsageError(`--variant ${variant} needs the server's interface to the internet`, {
      hint: "name it: --uplink eth0 (on the server: ip -6 route show default); --format script finds it out by itself",
    });
  }
  const source = await context.labSource();
  const { file, name: provider } = await fileAndName([word(input, 0), word(input, 1)], source);
  const loaded = await loadLab(file, source);
  await allowVariables(context, input, loaded);
  const { lab } = loaded;
  const outside = await readOutside(text(input, "outside"));
  const live = variant === "nptv6" ? undefined : await livePrefixes(context, lab);
  const options = { provider, variant, uplink, outside, ...(live === undefined ? {} : { live }) };
  const config = await peerConfig(lab, await context.keys(), options);
  tell(context, config);
  for (const [name, prefixes] of live ?? [])
    context.stderr.write(`${name} is renumbered, and has now: ${prefixes.join(", ")}\n`);
  if (format === "json") return { json: { lab: lab.name, servers: config.farSides.map(describeFarSide) } };
  const farSide = await onlyServer(context, file, config.farSides);
  if (format === "script") return { text: renderScript(farSide) };
  return { text: printFiles(renderFiles(farSide, format as FileFormat)) };
}

/** Of a lab that does not run, or that nobody can tell of in time, nothing is known but its file. */
async function livePrefixes(context: Context, lab: Lab): Promise<ReadonlyMap<string, readonly string[]>> {
  const [{ prefixesOfRunning }, { timeLimit }] = await Promise.all([
    import("../../app/live-prefixes.ts"),
    import("../../app/ports/time.ts"),
  ]);
  try {
    return await prefixesOfRunning(lab, await context.engines(), timeLimit(PATIENCE_MS, context.signal));
  } catch {
    context.signal.throwIfAborted();
    return new Map();
  }
}

async function readUplink(name: string | undefined): Promise<string | undefined> {
  if (name === undefined || (/^[A-Za-z0-9_.-]{1,15}$/.test(name) && !name.startsWith("-"))) return name;
  const { UsageError } = await import("../../core/model/errors.ts");
  throw new UsageError(`--uplink '${name}' cannot be the name of an interface`, { hint: "such as eth0" });
}

async function readOutside(given: string | undefined): Promise<Prefix6 | undefined> {
  if (given === undefined) return undefined;
  const { parsePrefix6 } = await import("../../core/model/ip6.ts");
  const prefix = parsePrefix6(given);
  if (prefix !== undefined && prefix.length <= 64) return prefix;
  const { UsageError } = await import("../../core/model/errors.ts");
  throw new UsageError(`--outside '${given}' is not a prefix`, {
    hint: "a prefix of at most /64, such as 2001:db8:f::/56",
  });
}

/** What the person has to know; the output itself goes to the server. */
function tell({ stderr }: Context, { farSides, secrets, made }: PeerConfig): void {
  if (made.length > 0) stderr.write(`made a key for ${made.join(", ")}\n`);
  for (const { from, to, provider } of secrets) {
    const server = farSides.find(({ listeners }) =>
      listeners.some(({ peers }) => peers.some((peer) => peer.provider === provider)),
    );
    stderr.write(
      `copy the pre-shared key of ${provider}: scp ${from} root@${server?.server ?? "server"}:${to}\n`,
    );
  }
}

async function onlyServer(context: Context, file: string, farSides: readonly FarSide[]): Promise<FarSide> {
  const [first, ...others] = farSides;
  if (first !== undefined && others.length === 0) return first;
  const [{ UsageError }, { providersOf }] = await Promise.all([
    import("../../core/model/errors.ts"),
    import("../../app/peer-config.ts"),
  ]);
  const lines = farSides.map(({ server, listeners }) => {
    const names = providersOf(listeners);
    return `${context.self} peer-config ${file} ${names[0]}   (${server}: ${names.join(", ")})`;
  });
  throw new UsageError(`the tunnels end at ${farSides.length} servers, each with its own configuration`, {
    hint: lines.join("\n"),
  });
}

/** One file as it is; several with a line before each that says where it belongs. */
function printFiles(files: readonly FarFile[]): string {
  if (files.length === 1) return files[0]?.text ?? "";
  return files.map(({ path, text: content }) => `# ==> ${path} <==\n${content}`).join("\n");
}
