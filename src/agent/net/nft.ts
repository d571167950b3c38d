import { run } from "../programs/command.ts";

/** Has the kernel take commands of nftables in this namespace, all or none of them. Throws CommandError. */
export async function loadRules(text: string): Promise<void> {
  await run(["nft", "-f", "-"], { input: text });
}
