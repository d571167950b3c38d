import { expect, test } from "vitest";
import { labContainersOf } from "../../../src/core/plan/labels.ts";
import { silentCpe, silentHost, silentInternet, silentProvider } from "../../../src/core/status/blank.ts";
import { assembleStatus, type Answer } from "../../../src/core/status/assemble.ts";
import { lab, running, specs, TWO_ISPS } from "./lab.ts";

const two = lab(TWO_ISPS);

/** Answers of a lab in which all is well, by member. */
function answers(change: (answer: Answer) => Answer | undefined = (answer) => answer): Answer[] {
  return labContainersOf(running(specs(two))).flatMap((container) => {
    const silence = { name: container.name, state: "running", problem: { code: "x", message: "x" } } as const;
    const blank = {
      bng: silentProvider(silence),
      cpe: silentCpe(silence),
      host: silentHost(silence),
      internet: silentInternet(silence),
      keeper: {},
    }[container.role];
    const line = JSON.stringify({ ...blank, ready: true, problems: [] });
    const answer = change({ container, line });
    return answer === undefined ? [] : [answer];
  });
}

test("answers become one status, hosts under their CPE", () => {
  const status = assembleStatus("two-isps", answers());
  expect(status.healthy).toBe(true);
  expect(status.providers.map(({ name, subscriber }) => [name, subscriber.kind])).toEqual([
    ["alpha", "cpe"],
    ["beta", "cpe"],
  ]);
  expect(status.cpes.map(({ name, hosts }) => [name, hosts.map((host) => host.name)])).toEqual([
    ["home", ["home-host1"]],
  ]);
  expect(status.internet?.name).toBe("internet");
});

test("a stopped container and a silent agent keep their place", () => {
  const status = assembleStatus(
    "two-isps",
    answers(({ container, ...rest }) => {
      if (container.name === "alpha") return { container: { ...container, state: "exited" } };
      return container.name === "beta"
        ? { container, line: '{"error":"busy"}', failure: "busy" }
        : { container, ...rest };
    }),
  );
  expect(status.providers.map(({ name, state, problems }) => [name, state, problems[0]?.code])).toEqual([
    ["alpha", "stopped", "stopped"],
    ["beta", "degraded", "agent-silent"],
  ]);
  expect(status.healthy).toBe(false);
});

test("members that others know of, but that are gone, are missing", () => {
  const gone = answers((answer) =>
    ["alpha", "home-host1"].includes(answer.container.name) ? undefined : answer,
  );
  const expected = { providers: ["alpha", "beta"], cpes: [{ name: "home", hosts: ["home-host1"] }] };
  const status = assembleStatus("two-isps", gone, expected);
  expect(status.providers.map(({ name, state }) => [name, state])).toEqual([
    ["alpha", "missing"],
    ["beta", "running"],
  ]);
  expect(assembleStatus("two-isps", gone).cpes[0]?.hosts[0]?.state).toBe("missing");
});
