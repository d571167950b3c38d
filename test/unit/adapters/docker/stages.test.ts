/** Images find what they have in common in the engine's cache only while its lines are the same in each Dockerfile. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dockerfileOf, readStages, type Stage } from "../../../../src/adapters/docker/dockerfile.ts";
import { IMAGE_ROLES } from "../../../../src/core/model/role.ts";

const FOLDER = join(import.meta.dirname, "../../../../images");

function stagesOf(role: string): Stage[] {
  return readStages(readFileSync(join(FOLDER, role, "Dockerfile"), "utf8"));
}

test("a stage is made of itself and all that it needs, and of nothing else", () => {
  const stages = readStages(
    [
      "# the lowest",
      "FROM debian AS base",
      "RUN a",
      "FROM base AS tool",
      "RUN b",
      "# beside it",
      "FROM base AS other",
      "RUN c \\",
      "# why",
      " && d",
      "FROM other",
      "COPY --from=tool /x /x",
      "COPY y /y",
      "",
    ].join("\n"),
  );
  expect(stages.map(({ name, needs }) => [name, needs])).toEqual([
    ["base", []],
    ["tool", ["base"]],
    ["other", ["base"]],
    [undefined, ["tool", "other"]],
  ]);
  const made = stages.map((stage) => dockerfileOf(stage, stages).replaceAll("\n", "|"));
  expect(made).toEqual([
    "FROM debian AS base|RUN a|",
    "FROM debian AS base|RUN a||FROM base AS tool|RUN b|",
    "FROM debian AS base|RUN a||FROM base AS other|RUN c \\| && d|",
    "FROM debian AS base|RUN a||FROM base AS tool|RUN b||FROM base AS other|RUN c \\| && d||FROM other|COPY --from=tool /x /x|COPY y /y|",
  ]);
});

test.each(IMAGE_ROLES)(
  "a stage of %s that another image has by this name has the same lines there",
  (role) => {
    const mine = stagesOf(role);
    const others = IMAGE_ROLES.filter((other) => other !== role).map(stagesOf);
    const common = mine.filter(({ name }) =>
      others.flat().some((stage) => name !== undefined && stage.name === name),
    );
    expect(common[0]?.name).toBe("base");
    for (const stage of common) {
      const theirs = others.flatMap((stages) =>
        stages.filter(({ name }) => name === stage.name).map((same) => dockerfileOf(same, stages)),
      );
      expect(new Set(theirs)).toEqual(new Set([dockerfileOf(stage, mine)]));
    }
  },
);
