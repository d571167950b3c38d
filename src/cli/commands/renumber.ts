import type { Renumbered } from "../../app/renumber.ts";
import type { SeenNode } from "../../app/agents/node.ts";
import type { Prefix6 } from "../../core/model/ip6.ts";
import type { RenumberOrder } from "../../core/model/renumbering/order.ts";
import { FORMAT_OPTIONS } from "./command-text.ts";
import { viewOn, type Context } from "./context.ts";
import type { CommandDefinition } from "./definition.ts";
import { findNode } from "./find-lab.ts";
import { flag, text, word, type Input, type Outcome } from "./input.ts";

const WAYS = ["graceful", "flash", "withdraw", "abort"] as const;
const LONGEST_OVERLAP_S = 999_999_999;

/** `mhlab renumber`. */
export const renumberCommand: CommandDefinition = {
  path: ["renumber"],
  group: "Labs",
  summary: "change a running provider's prefix, as gently or abruptly as real providers do",
  description:
    "Changes a provider's prefix while it runs: no container restarts, and no other customer loses a packet. Pools, leases, router advertisements, routes, source filters and the bundled internet follow; the changes for a real peer are printed. The renumbering survives restarts until it ends, is aborted, or is reset by `mhlab up --reset`.",
  arguments: [
    { usage: "<provider>", description: "the provider" },
    {
      usage: "[prefix]",
      description: "its new prefix, /32 to /64; optional with --withdraw: without it, the provider has none",
    },
  ],
  options: [
    {
      flags: "--graceful",
      description:
        "deprecate the former prefix, keep both during the overlap, then remove the former (RFC 4192)",
    },
    {
      flags: "--overlap <duration>",
      description:
        "with --graceful: how long both stay; by default ten minutes, or the preferred lifetime if longer",
    },
    {
      flags: "--flash",
      description: "remove the former prefix at once, without notice (RFC 8978)",
    },
    {
      flags: "--withdraw",
      description:
        "remove the former prefix at once, and announce it in advertisements and answers to renewals",
    },
    { flags: "--abort", description: "return to the latest former prefix that still exists or is withdrawn" },
    { flags: "--lab <name>", description: "the lab, if several have that provider" },
    ...FORMAT_OPTIONS,
  ],
  examples: [
    ["renumber alpha 2001:db8:c::/48 --graceful --overlap 10m", "as a careful provider does"],
    ["renumber alpha 2001:db8:c::/48 --flash", "as after losing all leases"],
    ["renumber alpha --withdraw", "withdraw the prefix, with notice"],
    ["renumber alpha --abort", "go back, while the former prefix still exists"],
  ],
  next: ["status", "up <lab.yaml> --reset"],
  run,
};

async function run(context: Context, input: Input): Promise<Outcome> {
  const order = await orderOf(input);
  const [{ renumber }, { renderRenumbered }, engines] = await Promise.all([
    import("../../app/renumber.ts"),
    import("../views/renumbering.ts"),
    context.engines(),
  ]);
  const node = await findProvider(context, input);
  const done = await renumber(node, order, { engines, lock: await context.lock() }, context.signal);
  const farSide = await farSideChanges(done);
  const { farSide: who, prefixes } = done;
  return {
    json: {
      lab: node.lab,
      provider: node.name,
      prefixes,
      farSide: who === "real" ? { kind: who, ...farSide } : { kind: "bundled", followed: who === "bundled" },
    },
    text: renderRenumbered({ name: node.name, order, done, farSide }, viewOn(context.stdout)),
  };
}

async function findProvider(context: Context, input: Input): Promise<SeenNode> {
  const node = await findNode(context, {
    name: word(input, 0) ?? "",
    lab: text(input, "lab"),
    role: "bng",
  });
  if (node.role === "bng") return node;
  const { UsageError } = await import("../../core/model/errors.ts");
  throw new UsageError(`${node.name} is no provider, and only those have a prefix`);
}

/** What the options order; throws UsageError when they do not fit together. */
async function orderOf(input: Input): Promise<RenumberOrder> {
  const { UsageError } = await import("../../core/model/errors.ts");
  const [how, ...more] = WAYS.filter((way) => flag(input, way));
  if (how === undefined || more.length > 0) {
    throw new UsageError(
      how === undefined
        ? "it is not said how to renumber"
        : `--${how} and --${more.join(", --")} exclude each other`,
      { hint: "choose one of --graceful, --flash, --withdraw and --abort" },
    );
  }
  const to = await newPrefix(word(input, 1));
  const overlapS = await overlap(text(input, "overlap"));
  if (overlapS !== undefined && how !== "graceful")
    throw new UsageError(`--overlap has no use with --${how}`, {
      hint: "two prefixes live together only with --graceful",
    });
  if (how === "abort") {
    if (to !== undefined)
      throw new UsageError("--abort goes back to the former prefix and takes no other", {
        hint: "leave the prefix out, or name one with --graceful, --flash or --withdraw",
      });
    return { how };
  }
  if (how === "withdraw") return to === undefined ? { how } : { how, to };
  if (to === undefined)
    throw new UsageError(`--${how} needs the new prefix`, {
      hint: `such as: mhlab renumber ${word(input, 0) ?? "alpha"} 2001:db8:c::/48 --${how}`,
    });
  return how === "flash" ? { how, to } : { how, to, ...(overlapS === undefined ? {} : { overlapS }) };
}

async function newPrefix(given: string | undefined): Promise<Prefix6 | undefined> {
  if (given === undefined) return undefined;
  const [{ UsageError }, { parseAssignedPrefix }] = await Promise.all([
    import("../../core/model/errors.ts"),
    import("../../core/model/values/parse.ts"),
  ]);
  const prefix = parseAssignedPrefix(given);
  if (prefix !== undefined) return prefix;
  throw new UsageError(`'${given}' is no prefix of a provider`, {
    hint: "right would be a prefix from /32 to /64 without host bits, such as 2001:db8:c::/48; a bare address means /48",
  });
}

async function overlap(given: string | undefined): Promise<number | undefined> {
  if (given === undefined) return undefined;
  const { parseDuration } = await import("../../core/model/values/units.ts");
  const seconds = parseDuration(given);
  if (seconds !== undefined && seconds > 0 && seconds <= LONGEST_OVERLAP_S) return seconds;
  const { UsageError } = await import("../../core/model/errors.ts");
  throw new UsageError(`--overlap is '${given}'`, { hint: "a time with its unit, such as 30s, 10m or 2h" });
}

/** What the server at a real far side has to do now, and when the last former prefix is gone. */
async function farSideChanges({
  provider,
  prefixes,
  farSide,
}: Renumbered): Promise<{ readonly now: string[]; readonly afterwards: string[] }> {
  if (farSide !== "real") return { now: [], afterwards: [] };
  const [{ renumberPeer }, { livePrefixes }] = await Promise.all([
    import("../../features/peer/renumbering.ts"),
    import("../../app/renumber.ts"),
  ]);
  const peer = {
    publicKey: provider.uplink.publicKey ?? "",
    address: (provider.settings["wireguard.address"] ?? "").replace(/\/.*$/, ""),
  };
  const live = livePrefixes(prefixes);
  const last = prefixes.filter(({ state }) => state === "current").map(({ prefix }) => prefix);
  return {
    now: renumberPeer(peer, livePrefixes(provider.prefixes), live),
    afterwards: renumberPeer(peer, live, last),
  };
}
