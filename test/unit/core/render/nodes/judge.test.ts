import { expect, test } from "vitest";
import { NODES } from "../../../../../src/core/render/nodes/registry.ts";
import { labHealth, labProblems } from "../../../../../src/core/judge/health/derive.ts";
import type {
  LabStatus,
  Problem,
  ProviderStatus,
  WanStatus,
} from "../../../../../src/core/model/status/model.ts";

const problem = (code: string): Problem => ({ code, message: `message of ${code}` });
const silence = { name: "alpha", state: "running", problem: problem("x") } as const;

function provider(
  over: Partial<ProviderStatus> & { uplinkState?: ProviderStatus["uplink"]["state"] },
): ProviderStatus {
  const blank = NODES.bng.silent(silence);
  const { uplinkState = "up", ...rest } = over;
  return { ...blank, uplink: { ...blank.uplink, state: uplinkState }, problems: [], ...rest };
}
const late = { realFarSides: new Set(["alpha"]), realSubscriber: true, strict: false, answeredForMs: 60_000 };
/** Of a host whose link is the lab's own. */
const behind = { ...late, realSubscriber: false };

test("ready is ready", () => {
  expect(NODES.bng.judge(provider({ ready: true }), { ...late, strict: true })).toEqual({ kind: "ready" });
});

test("a real far side that stays silent is reported after a grace, and only without --wait", () => {
  const silent = provider({ uplinkState: "waiting", problems: [problem("no-handshake")] });
  expect(NODES.bng.judge(silent, late)).toEqual({ kind: "settled", warning: problem("no-handshake") });
  expect(NODES.bng.judge(silent, { ...late, answeredForMs: 100 }).kind).toBe("waiting");
  expect(NODES.bng.judge(silent, { ...late, strict: true }).kind).toBe("waiting");
  expect(NODES.bng.judge(silent, { ...late, realFarSides: new Set<string>() }).kind).toBe("waiting");
});

test("a tunnel that became stale is not ready: the lab's own far side is waited for, a real one named with its last word", () => {
  const message = "the far side does not answer any more";
  const stale = provider({
    ready: true,
    uplinkState: "stale",
    problems: [{ code: "stale-tunnel", message }],
  });
  const since = { ...stale, uplink: { ...stale.uplink, answeredAt: "2026-11-24T12:00:00Z" } };
  expect(NODES.bng.judge(since, { ...late, realFarSides: new Set<string>() })).toEqual({
    kind: "waiting",
    detail: message,
  });
  expect(NODES.bng.judge(since, late)).toEqual({
    kind: "settled",
    warning: { code: "stale-tunnel", message: `${message}; it last answered at 12:00:00 UTC` },
  });
  expect(labProblems(of(since)).map((one) => one.message)).toEqual([
    `${message}; it last answered at 12:00:00 UTC`,
  ]);
});

test("an absent interface is reported; a link of the lab's own is waited for", () => {
  const absent = provider({ problems: [problem("no-subscriber")] });
  expect(NODES.bng.judge(absent, late)).toEqual({ kind: "settled", warning: problem("no-subscriber") });
  expect(NODES.bng.judge(absent, { ...late, realSubscriber: false }).kind).toBe("waiting");
  expect(NODES.bng.judge(absent, { ...late, strict: true }).kind).toBe("waiting");
});

test("a problem of the lab's own is never excused", () => {
  const broken = provider({
    uplinkState: "waiting",
    problems: [problem("no-handshake"), problem("dhcpv6-silent")],
  });
  expect(NODES.bng.judge(broken, late).kind).toBe("waiting");
});

test("a CPE says which provider it waits for, a host what it lacks", () => {
  const cpe = { ...NODES.cpe.silent(silence), problems: [] };
  expect(NODES.cpe.judge({ ...cpe, ready: true }, late)).toEqual({ kind: "ready" });
  expect(
    NODES.host.judge({ ...NODES.host.silent(silence), problems: [problem("no-router")] }, behind),
  ).toEqual({
    kind: "waiting",
    detail: "message of no-router",
  });
});

test("a CPE that reaches nobody is ready when nobody is to be asked, and reported when a real far side does not answer", () => {
  const wan = { provider: "alpha", reach: "no-answer", delegatedPrefix: "2001:db8:a:8000::/56" } as WanStatus;
  const cut = { ...NODES.cpe.silent(silence), wans: [wan], problems: [problem("unreachable")] };
  expect(NODES.cpe.judge(cut, late)).toEqual({ kind: "settled", warning: problem("unreachable") });
  expect(NODES.cpe.judge(cut, { ...late, answeredForMs: 100 }).kind).toBe("waiting");
  expect(NODES.cpe.judge(cut, { ...late, strict: true }).kind).toBe("waiting");
  expect(NODES.cpe.judge(cut, { ...late, realFarSides: new Set() }).kind).toBe("waiting");
  const other = { ...wan, provider: "bundled" };
  expect(NODES.cpe.judge({ ...cut, wans: [wan, other] }, late).kind).toBe("waiting");
  const worse = { ...cut, problems: [...cut.problems, problem("no-router")] };
  expect(NODES.cpe.judge(worse, late).kind).toBe("waiting");
});

test("a host whose CPE took away what a real far side does not answer to is reported; one that lacks anything else is not", () => {
  const without = (...providers: string[]) => ({
    ...NODES.host.silent(silence),
    problems: providers.map((name) => ({ ...problem("no-address"), provider: name })),
  });
  expect(NODES.host.judge(without("alpha"), behind)).toMatchObject({
    kind: "settled",
    warning: { provider: "alpha" },
  });
  expect(NODES.host.judge(without("alpha"), { ...behind, strict: true }).kind).toBe("waiting");
  expect(NODES.host.judge(without("alpha"), { ...behind, answeredForMs: 100 }).kind).toBe("waiting");
  expect(NODES.host.judge(without("alpha", "bundled"), behind).kind).toBe("waiting");
  const onLan = { ...without("alpha"), place: "lan" as const };
  expect(NODES.host.judge(onLan, behind).kind).toBe("waiting");
});

test("a host on a link of the machine is reported when what it needs does not come from outside", () => {
  const without = (code: string) => ({ ...NODES.host.silent(silence), problems: [problem(code)] });
  const at = (answeredForMs: number) => ({ ...late, answeredForMs });
  expect(NODES.host.judge(without("no-link"), at(1000)).kind).toBe("waiting");
  expect(NODES.host.judge(without("no-link"), at(3000))).toEqual({
    kind: "settled",
    warning: problem("no-link"),
  });
  // A router takes longer than a cable.
  expect(NODES.host.judge(without("no-router"), at(3000)).kind).toBe("waiting");
  expect(NODES.host.judge(without("no-router"), late).kind).toBe("settled");
  expect(NODES.host.judge(without("no-router"), { ...late, strict: true }).kind).toBe("waiting");
});

const of = (one: ProviderStatus): Omit<LabStatus, "healthy"> => ({
  lab: "x",
  providers: [one],
  cpes: [],
  hosts: [],
});

test("a lab is healthy only when all of it is", () => {
  const delegation = {
    prefix: "2001:db8:a:8000::/56",
    via: "fe80::1",
    duid: "00",
    iaid: 1,
    mac: null,
    preferredS: 1,
    validS: 1,
    expiresAt: "2026-11-24T16:00:00Z",
    routed: true,
  };
  const good = provider({ ready: true, delegations: [delegation] });
  expect(labHealth(of(good))).toBe(true);
  expect(labHealth(of({ ...good, ready: false }))).toBe(false);
  expect(labHealth(of({ ...good, state: "stopped" }))).toBe(false);
  expect(labHealth(of({ ...good, problems: [problem("x")] }))).toBe(false);
  const unrouted = of({ ...good, delegations: [{ ...delegation, routed: false }] });
  expect(labHealth(unrouted)).toBe(false);
  expect(labProblems(unrouted)).toEqual([
    { node: "alpha", code: "not-routed", message: "2001:db8:a:8000::/56 is delegated, but has no route" },
  ]);
  expect(labHealth({ lab: "x", providers: [], cpes: [], hosts: [] })).toBe(false);
});
