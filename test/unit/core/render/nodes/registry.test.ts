/** Every role is found where its users meet it: in docs, help, completion, status, and in the image that runs it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withNodesTable } from "../../../../../src/cli/docs-nodes.ts";
import { commands } from "../../../../../src/cli/commands/registry.ts";
import { NODES, nodeRole } from "../../../../../src/core/render/nodes/registry.ts";
import { FOREIGN_SOFTWARE } from "../../../../../src/core/render/cpe/software/registry.ts";
import { IMAGE_ROLES, ROLES } from "../../../../../src/core/model/role.ts";
import type { LabContainer } from "../../../../../src/core/render/nodes/observed.ts";
import { assembleStatus } from "../../../../../src/core/judge/health/assemble.ts";
import { labProblems } from "../../../../../src/core/judge/health/derive.ts";
import { renderStatus } from "../../../../../src/cli/views/status.ts";
import { golden, ROOT } from "../../model/lab/golden.ts";

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

test("docs/nodes.md lists every role as its record says (UPDATE_GOLDEN=1 writes it anew)", () => {
  const made = withNodesTable(read("docs/nodes.md"));
  expect(made).toBe(golden("docs/nodes.md", made));
  for (const role of ROLES) expect(made).toContain(`| ${NODES[role].title} | \`${role}\` |`);
});

test("ARCHITECTURE.md says what to touch to add a role, and each place is there", () => {
  const row = read("ARCHITECTURE.md")
    .split("\n")
    .find((line) => line.startsWith("| role |"));
  const paths = [...(row ?? "").matchAll(/`((?:core|agent|images|docs)\/[a-z/.-]+)/g)].map(
    ([, path = ""]) => path,
  );
  expect(paths).toHaveLength(5);
  const absent = paths.filter((path) => ![join(ROOT, "src", path), join(ROOT, path)].some(existsSync));
  expect(absent).toEqual([]);
});

test.each(ROLES)("the image of %s starts the agent in that role", (role) => {
  const { image, command } = NODES[role];
  const dockerfile = read(`images/${image}/Dockerfile`);
  const [, ownWords = ""] = /^CMD \["([a-z-]+)"\]$/m.exec(dockerfile) ?? [];
  expect([...command, ownWords][0]).toBe(role);
  expect(dockerfile).toMatch(/^ENTRYPOINT .*"\/usr\/local\/lib\/mhlab\/agent-start"\]$/m);
});

test("`image build` names every image", () => {
  const build = commands.find(({ path }) => path.join(" ") === "image build");
  expect(build?.arguments?.[0]).toMatchObject({ choices: IMAGE_ROLES });
  expect(build?.arguments?.[0]?.description).toContain(IMAGE_ROLES.join(", "));
  const used = [
    ...ROLES.map((role) => NODES[role].image),
    ...Object.values(FOREIGN_SOFTWARE).map(({ image }) => image),
  ];
  expect(new Set(used)).toEqual(new Set(IMAGE_ROLES));
});

test.each(ROLES.filter((role) => nodeRole(role).inStatus !== undefined))(
  "a %s that is stopped is in the lab's status, in its problems and on the screen",
  (role) => {
    const container: LabContainer = {
      id: "1",
      containerName: `mhlab-demo-${role}1`,
      image: "x",
      state: "exited",
      lab: "demo",
      name: `${role}1`,
      role,
      labels: { "io.mhlab.lan": "street" },
    };
    const status = assembleStatus("demo", [{ container }]);
    expect(status.healthy).toBe(false);
    expect(labProblems(status)).toEqual([
      { node: `${role}1`, code: "stopped", message: expect.stringContaining("exited") as string },
    ]);
    expect(renderStatus(status, { colour: false, columns: undefined })).toContain(`${role}1`);
  },
);

test("what is told of a node that does not answer is of the shape that its agent would answer", () => {
  for (const role of ROLES) {
    const silence = { name: "x", state: "missing", problem: { code: "missing", message: "gone" } } as const;
    const status = nodeRole(role).silent(silence);
    expect(status).toMatchObject({ name: "x", state: "missing", ready: false });
    expect(nodeRole(role).captureInterfaces(status)).toBeTypeOf("object");
  }
});
