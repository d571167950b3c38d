/** Actions of the page: what each takes, and that the command that is shown means the same. */
import { expect, test } from "vitest";
import { ACTIONS, act, type Action, type ActionPorts } from "../../../../src/app/dashboard/actions.ts";
import { orderOf, RENUMBER_WAYS } from "../../../../src/app/dashboard/renumber-action.ts";
import { openApi } from "../../../../src/app/dashboard/openapi.ts";
import { apiRoutes, type RoutePorts } from "../../../../src/app/dashboard/routes.ts";
import { commands } from "../../../../src/cli/commands/registry.ts";
import { commandLine } from "../../../../src/web/data/command-line.ts";

const noted: string[] = [];
const ports = {
  collector: {
    lab: "one",
    note: ({ text }: { text: string }) => void noted.push(text),
    mark: (label: string) => ({ label }),
  },
  engines: { look: () => Promise.resolve({ containers: [], nodes: [] }) },
} as unknown as ActionPorts;

test.each(Object.entries<Action>(ACTIONS).filter(([, { words }]) => words.length > 0))(
  "%s is a command that there is, with options that it knows",
  (_, { words }) => {
    const flat = words.flat();
    const command = commands.find(({ path }) => path.every((word, index) => flat[index] === word));
    const known = new Set((command?.options ?? []).map(({ flags }) => /--[a-z-]+/.exec(flags)?.[0]));
    const used = flat
      .filter((word) => word.startsWith("--"))
      .flatMap((word) => (word === "--{how}" ? RENUMBER_WAYS.map(({ value }) => `--${value}`) : [word]));
    expect(used.filter((flag) => !known.has(flag))).toEqual([]);
  },
);

test("the command line has what was given, as a shell reads it, and leaves out what was not", () => {
  const fields = { node: "alpha", lab: "one", kind: "ra-mtu-lie" };
  expect(commandLine("mhlab", ACTIONS.inject.words, fields)).toBe(
    "mhlab fault inject ra-mtu-lie alpha --lab one",
  );
  expect(
    commandLine("mhlab --sandbox", ACTIONS.inject.words, {
      ...fields,
      options: "mtu=9000  direction=up",
      for: "30s",
    }),
  ).toBe("mhlab --sandbox fault inject ra-mtu-lie alpha mtu=9000 direction=up --for 30s --lab one");
  expect(commandLine("mhlab", ACTIONS.restart.words, { node: "$(reboot)", lab: "one" })).toBe(
    "mhlab restart '$(reboot)' --lab one",
  );
  expect(commandLine("mhlab", ACTIONS.restart.words, { lab: "one" })).toBe("mhlab restart … --lab one");
  expect(commandLine("mhlab", ACTIONS.mark.words, {})).toBe("");
});

test("a renumbering is ordered as the command orders it", () => {
  const to = { bits: 0x20010db8000cn << 80n, length: 48 };
  expect(orderOf({ how: "graceful", to: "2001:db8:c::/48", overlap: "10m" })).toEqual({
    how: "graceful",
    to,
    overlapS: 600,
  });
  expect(orderOf({ how: "withdraw" })).toEqual({ how: "withdraw" });
  expect(orderOf({ how: "abort" })).toEqual({ how: "abort" });
  const fields = { node: "alpha", lab: "one", how: "graceful", to: "2001:db8:c::/48" };
  expect(commandLine("mhlab", ACTIONS.renumber.words, fields)).toBe(
    "mhlab renumber alpha 2001:db8:c::/48 --graceful --lab one",
  );
});

test.each([
  ["dance", {}, "there is no action 'dance'"],
  ["toString", {}, "there is no action 'toString'"],
  ["restart", {}, "'node' has to be a text"],
  ["restart", { node: 7 }, "'node' has to be a text"],
  ["restart", { node: "alpha", more: "x" }, "'more' is not known here"],
  ["restart", { node: "nobody" }, "there is no node named 'nobody'"],
  ["mark", { label: "x".repeat(300) }, "'label' has to be a text of 1 to 200"],
  ["mark", null, "'label' has to be a text"],
  ["renumber", { node: "alpha", how: "slowly" }, "'slowly' is no way to renumber"],
  ["renumber", { node: "alpha", how: "flash" }, "a new prefix is needed"],
  [
    "renumber",
    { node: "alpha", how: "flash", to: "2001:db8::1/48" },
    "'2001:db8::1/48' is no prefix of a provider",
  ],
  ["renumber", { node: "alpha", how: "abort", to: "2001:db8:c::/48" }, "the way back takes no prefix"],
  ["renumber", { node: "alpha", how: "withdraw", overlap: "10m" }, "only when it is graceful"],
  [
    "renumber",
    { node: "alpha", how: "graceful", to: "2001:db8:c::/48", overlap: "soon" },
    "the overlap is 'soon'",
  ],
  ["inject", { node: "alpha", kind: "flood" }, "there is no fault 'flood'"],
  ["inject", { node: "alpha", kind: "ra-mtu-lie", options: "mtu" }, "'mtu' is no option"],
])("%s with %j is refused", async (name, body, message) => {
  await expect(act(name, body, ports)).rejects.toMatchObject({
    code: "MHLAB_USAGE",
    message: expect.stringContaining(message) as string,
  });
});

test("what was tried is in the log of events, also when it failed", async () => {
  noted.length = 0;
  await act("restart", { node: "nobody" }, ports).catch(() => undefined);
  expect(noted).toEqual(["restart, asked for on the page", "restart: there is no node named 'nobody'"]);
  expect(await act("mark", { label: "now" }, ports)).toEqual({ label: "now" });
});

test("the document describes every route, and each name in a path is a parameter", () => {
  const routes = apiRoutes(ports as unknown as RoutePorts);
  const { paths } = openApi(routes, "1") as {
    paths: Record<string, Record<string, { parameters: { name: string; in: string }[]; summary: string }>>;
  };
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
  for (const [path, operations] of Object.entries(paths))
    for (const { parameters, summary } of Object.values(operations)) {
      const named = [...path.matchAll(/\{(.+?)\}/g)].map(([, name]) => name);
      expect(parameters.filter((one) => one.in === "path").map(({ name }) => name)).toEqual(named);
      expect(summary).toMatch(/\.$/);
    }
});
