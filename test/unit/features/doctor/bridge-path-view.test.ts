import { expect, test } from "vitest";
import { droppingForwardChains } from "../../../../src/core/model/host/bridge-filter.ts";
import { pathFindings } from "../../../../src/features/doctor/path.ts";
import { asCalled } from "../../../../src/cli/self.ts";
import { renderFindings } from "../../../../src/cli/views/doctor.ts";

const rule = (...expr: object[]): object => ({
  rule: { family: "ip6", table: "filter", chain: "FORWARD", expr },
});
const iif = (name: string): object => ({
  match: { op: "==", left: { meta: { key: "iifname" } }, right: name },
});

test("a forward chain that drops starves a bridge unless a rule lets everything or that bridge pass", () => {
  const chain = {
    chain: { family: "ip6", table: "filter", name: "FORWARD", hook: "forward", policy: "drop" },
  };
  const text = (...rules: object[]): string => JSON.stringify({ nftables: [chain, ...rules] });
  const accept = { accept: null };
  expect(droppingForwardChains(text(), "br-lab")).toEqual(["ip6 filter FORWARD"]);
  expect(droppingForwardChains(text(rule(iif("docker0"), accept)), "br-lab")).toEqual(["ip6 filter FORWARD"]);
  expect(droppingForwardChains(text(rule(iif("br-lab"), { counter: {} }, accept)), "br-lab")).toEqual([]);
  expect(droppingForwardChains(text(rule({ counter: {} }, accept)), "br-lab")).toEqual([]);
  expect(droppingForwardChains(text().replace('"ip6"', '"ip"'), "br-lab")).toEqual([]);
  expect(droppingForwardChains(text().replace("drop", "accept"), "br-lab")).toEqual([]);
});

test.each([
  ["192.0.2.1 1500", "ok", "the tunnel takes 1440"],
  ["2001:db8::1 1500", "ok", "the tunnel takes 1420"],
  ["2001:db8::1 1492", "warn", "the tunnel takes 1412"],
  ["192.0.2.1 1300", "block", "IPv6 needs 1280"],
  ["192.0.2.1 silent", "warn", "1440 is right for a path of 1500"],
  ["2001:db8::1 silent", "warn", "1420 is right for a path of 1500"],
  ["unresolved", "block", "cannot be resolved"],
])("the path script's %s", (output, level, words) => {
  const [finding] = pathFindings("far.example", `${output}\n`);
  expect(finding).toMatchObject({ level, id: "path" });
  expect(finding?.message).toContain(words);
});

test("findings on screen: a mark each, the command that mends, a last line that judges", () => {
  const text = renderFindings(
    [
      { id: "a", level: "ok", message: "fine" },
      { id: "b", level: "warn", message: "so so", mend: "mhlab up lab.yaml" },
      { id: "c", level: "block", message: "bad" },
    ],
    { colour: false, asCalled: (line) => asCalled(line, "mhlab --sandbox") },
  );
  expect(text).toBe(
    "✓ fine\n! so so\n    mhlab --sandbox up lab.yaml\n✗ bad\n\n1 of 3 keep labs from working here\n",
  );
});
