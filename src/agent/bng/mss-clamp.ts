import type { BngConfig } from "../../core/bng/config.ts";
import { renderMssClamp } from "../../core/bng/mss-clamp.ts";
import { run } from "../net/command.ts";

/** Makes the clamp of TCP's segment size what the configuration says; it names interfaces, so once is enough. */
export async function loadMssClamp(config: BngConfig): Promise<void> {
  await run(["nft", "-f", "-"], { input: renderMssClamp(config) });
}
