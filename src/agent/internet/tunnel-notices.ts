import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";

import { isTunnelNotice, tunnelNoticeFile } from "../../core/render/internet/tunnel-notice.ts";
import { reasonOf } from "../../core/model/errors.ts";
import { OPERATOR_FOLDER } from "../../core/model/names.ts";
import { log } from "../log.ts";

/** Tells a provider that its tunnel is there: who greets before is not heard, and greets again a second later. */
export function giveNotice(provider: string): void {
  if (!existsSync(OPERATOR_FOLDER)) return;
  try {
    writeFileSync(tunnelNoticeFile(provider), "");
  } catch (error) {
    // On a full disk the tunnel works all the same.
    log("warn", `${provider} is not told that its tunnel is there: ${reasonOf(error)}`);
  }
}

/** It is not there any more. */
export function withdrawNotice(provider: string): void {
  rmSync(tunnelNoticeFile(provider), { force: true });
}

/** Takes away what an internet that was ended left behind. */
export function withdrawAllNotices(): void {
  if (!existsSync(OPERATOR_FOLDER)) return;
  for (const file of readdirSync(OPERATOR_FOLDER).filter(isTunnelNotice))
    rmSync(`${OPERATOR_FOLDER}/${file}`, { force: true });
}
