/** Waits, and marks. */
import { conditionText, holdsAt, type Condition } from "../../../core/judge/scenario/conditions/registry.ts";
import { pause } from "../../ports/time.ts";
import { type Stage, nodeIn, type Runner } from "./stage.ts";

/** Nothing that waits for longer misses a change: probes and events wake it. */
const LOOK_MS = 1000;
/** A name is asked for so often, and each time for so long. */
const ASK = { everyMs: 500, limitS: 2 } as const;

/** Waits until something is so; failed when it is not in time. */
const wait: Runner<"wait"> = async ({ until, withinS }, stage, signal) => {
  const begunS = stage.nowS();
  for (;;) {
    if (await isSo(until, stage, signal)) return { detail: `after ${(stage.nowS() - begunS).toFixed(1)} s` };
    const leftS = withinS - (stage.nowS() - begunS);
    if (leftS <= 0)
      return { outcome: "failed", detail: `not so after ${withinS} s: ${conditionText(until)}` };
    if (until.is === "resolves") await pause(Math.min(ASK.everyMs, leftS * 1000), signal);
    else await stage.changed(Math.min(LOOK_MS, leftS * 1000), signal);
  }
};

async function isSo(condition: Condition, stage: Stage, signal: AbortSignal): Promise<boolean> {
  if (condition.is !== "resolves") return holdsAt(condition, stage.soFar(), stage.nowS()) === true;
  const { from, name, gives, answered } = condition;
  const argv = ["timeout", String(ASK.limitS), "getent", "ahostsv6", "--", name];
  const { exitCode, stdout } = await nodeIn(stage, from).exec(argv, signal);
  const addresses = stdout.split("\n").map((line) => line.split(/\s+/)[0] ?? "");
  const found = exitCode === 0 && (gives === null || addresses.includes(gives));
  return found === answered;
}

/** Only says something: it is in the record, the captures and the report. */
const mark: Runner<"mark"> = () => Promise.resolve({});

export const PAUSE_RUNNERS = { wait, mark };
