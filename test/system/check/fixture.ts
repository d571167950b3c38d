import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import type { Check, Result } from "../../../src/core/judge/check/verdict.ts";
import { containerName } from "../../../src/core/model/names.ts";
import { labState, paths, PROJECT } from "../support/sandbox.ts";
import { DEFECT_FILE } from "./defects.ts";

export interface CheckedLab {
  readonly code: number | undefined;
  readonly said: string;
  readonly check: Check;
  /** By the id of the requirement. */
  readonly verdicts: Readonly<Record<string, Result["verdict"]>>;
}

/** Runs `mhlab check`; a defect is switched on in the CPE once each run has begun, or only in the first. */
export async function check(
  lab: { readonly name: string; readonly file: string; readonly cpe: string },
  words: readonly string[],
  {
    out,
    program = join(PROJECT, "bin/mhlab.js"),
    defect,
    once = false,
  }: {
    readonly out: string;
    readonly program?: string;
    readonly defect?: string;
    /** Not any more in repetitions. */
    readonly once?: boolean;
  },
): Promise<CheckedLab> {
  const env = {
    MHLAB_SANDBOX: "1",
    MHLAB_SANDBOX_DIR: paths.root,
    MHLAB_STATE_DIR: labState(),
    NO_COLOR: "1",
  };
  const running = execa(process.execPath, [program, "check", lab.file, "--out", out, ...words], {
    env,
    reject: false,
    stdin: "ignore",
    timeout: 240_000,
  });
  const over = new AbortController();
  void running.finally(() => over.abort());
  for (const run of defect === undefined ? [] : ["run", "run-2"]) {
    // t=0 has come when it is there.
    while (!existsSync(join(out, run, "progress.json")) && !over.signal.aborted)
      await sleep(20, undefined, { signal: over.signal }).catch(() => undefined);
    if (over.signal.aborted) break;
    const inForce = once && run !== "run" ? "" : (defect ?? "");
    const write = ["sh", "-c", `printf %s "$1" > ${DEFECT_FILE}`, "sh", inForce];
    await execa("docker", [
      "-H",
      `unix://${paths.socket}`,
      "exec",
      containerName(lab.name, lab.cpe),
      ...write,
    ]);
  }
  const { exitCode, stderr, stdout } = await running;
  const file = join(out, "check.json");
  if (!existsSync(file)) throw new Error(`${stdout}\n${stderr}`);
  const result = JSON.parse(readFileSync(file, "utf8")) as Check;
  return {
    code: exitCode,
    said: `${stdout}\n${stderr}`,
    check: result,
    verdicts: Object.fromEntries(result.results.map(({ id, verdict }) => [id, verdict])),
  };
}
