import type { ShownKey } from "../../app/keys.ts";
import type { Lab } from "../../core/model/lab/model.ts";
import { LAB_FILE } from "../../core/model/names.ts";
import { viewOn, type Context } from "./context.ts";
import { FORMAT_OPTIONS } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import { flag, text, wantsJson, word, type Input, type Outcome } from "./input.ts";
import { keysRotateCommand } from "./keys-rotate.ts";

const keysShowCommand: CommandDefinition = {
  path: ["keys", "show"],
  group: "Labs",
  summary: "show a lab's public keys, fingerprints and secret files",
  description:
    "Prints every provider's public key, its fingerprint (`base64 -d | sha256sum`), and its secret's file; for a pre-shared key only the fingerprint. With a lab file (named, or this folder's lab.yaml), generates missing keys. Without one, uses the named lab, or the only one with keys.",
  arguments: [
    { usage: "[lab-or-provider]", description: "a lab file, or a provider in this folder's lab.yaml" },
    { usage: "[provider]", description: "only this provider" },
  ],
  options: [
    { flags: "--name <lab>", description: "the lab, by its name" },
    {
      flags: "--qr",
      description: "as QR codes: the [Peer] section for the peer, without secrets",
    },
    ...FORMAT_OPTIONS,
  ],
  examples: [
    ["keys show lab.yaml", "all keys of a lab"],
    ["keys show alpha", "of the only lab with keys"],
    ["keys show lab.yaml alpha --qr", "for the WireGuard app of a phone or a router"],
    ["keys show --name two-isps --json", "for scripts"],
  ],
  next: ["peer-config <lab.yaml>", "keys rotate <provider>"],
  run: runShow,
};

/** `mhlab keys show` and `mhlab keys rotate`. */
export const keysCommands: readonly CommandDefinition[] = [keysShowCommand, keysRotateCommand];

async function runShow(context: Context, input: Input): Promise<Outcome> {
  const [{ showKeys, onlyLabWithKeys }, { isLabFile, loadLab }] = await Promise.all([
    import("../../app/keys.ts"),
    import("../../app/choose-lab.ts"),
  ]);
  const first = word(input, 0);
  const named = first !== undefined && isLabFile(first);
  const source = await context.labSource();
  const here = text(input, "name") === undefined && (await source.exists(LAB_FILE));
  const path = named ? first : here ? LAB_FILE : undefined;
  const file = path === undefined ? undefined : (await loadLab(path, source)).lab;
  const keys = await context.keys();
  const lab = file?.name ?? text(input, "name") ?? (await onlyLabWithKeys(keys));
  const provider = named ? word(input, 1) : first;
  const shown = await showKeys(keys, { lab, file, provider });
  if (wantsJson(input)) return { json: { lab, keys: shown } };
  const { renderKeys } = await import("../views/keys.ts");
  const table = renderKeys(shown, viewOn(context.stdout));
  return { text: flag(input, "qr") ? `${table}\n${await qrCodes(shown, file)}` : table };
}

async function qrCodes(shown: readonly ShownKey[], file: Lab | undefined): Promise<string> {
  const [{ renderUnicodeCompact }, { peerSnippet }] = await Promise.all([
    import("uqr"),
    import("../../features/peer/snippet.ts"),
  ]);
  return shown
    .flatMap(({ kind, publicKey, provider }) => {
      if (kind !== "bng" || publicKey === null) return [];
      const snippet = peerSnippet(
        publicKey,
        provider,
        file?.providers.find(({ name }) => name === provider),
      );
      return [`${snippet}\n${renderUnicodeCompact(snippet)}\n`];
    })
    .join("\n");
}
