import { expect, test } from "vitest";
import { canStart, isIdle } from "../../../../../src/core/render/plan/container-state.ts";

const does = (idle: boolean): string => (idle ? "nothing" : "acts");

/** What each verb does in each of Docker's states; `refused`: only `up` helps. */
test.each([
  ["created", "nothing", "nothing", "acts", "acts"],
  ["running", "acts", "acts", "nothing", "acts"],
  ["restarting", "acts", "acts", "nothing", "acts"],
  ["paused", "acts", "acts", "acts", "acts"],
  ["exited", "nothing", "nothing", "acts", "acts"],
  ["dead", "nothing", "nothing", "refused", "refused"],
  ["removing", "nothing", "nothing", "refused", "refused"],
])("%s: stop %s, kill %s, start %s, restart %s", (state, stop, kill, start, restart) => {
  const starting = (action: "start" | "restart"): string =>
    canStart(state) ? does(isIdle(action, state)) : "refused";
  expect([
    does(isIdle("stop", state)),
    does(isIdle("kill", state)),
    starting("start"),
    starting("restart"),
  ]).toEqual([stop, kill, start, restart]);
});
