import { VARIANT_NOTES, type FarFile, type FarSide } from "./model.ts";
import { firewallRules, renderTable } from "./nftables.ts";

/** The server's nftables rules as files for `nft -f`, with the lines that a firewall of its own needs as comments. */
export function renderFirewall(farSide: FarSide): FarFile[] {
  return farSide.listeners.map((listener) => {
    const { input, forward } = firewallRules(listener);
    const comments = [
      `The far side of the lab '${farSide.lab}' on ${farSide.server}; load it with: nft -f FILE`,
      ...VARIANT_NOTES[farSide.variant],
      "An accept here could not overrule a firewall of this server that drops by default; give that one, in its",
      "input chain:",
      ...input.map((rule) => `  ${rule}`),
      "and in its forward chain:",
      ...forward.map((rule) => `  ${rule}`),
    ];
    return {
      path: `/etc/nftables.d/${listener.interface}.nft`,
      text: `${comments.map((line) => `# ${line}\n`).join("")}${renderTable(farSide, listener)}`,
    };
  });
}
