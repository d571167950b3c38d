/** Images find what they have in common in the engine's cache only while its lines are the same in each Dockerfile. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stagesOf } from "../../../../src/adapters/docker/context.ts";
import { SHARED_STAGES } from "../../../../src/adapters/docker/stages.ts";
import { IMAGE_ROLES } from "../../../../src/core/members/role.ts";

const FOLDER = join(import.meta.dirname, "../../../../images");

/** The instructions of each stage, without comments. */
function stageTexts(role: string): Map<string, string> {
  const text = readFileSync(join(FOLDER, role, "Dockerfile"), "utf8").replaceAll(/^#.*\n/gm, "");
  const stages = text.split(/^(?=FROM )/m);
  return new Map(stages.map((stage) => [/^FROM \S+ AS (\S+)/.exec(stage)?.[1] ?? "", stage.trim()]));
}

test.each(SHARED_STAGES)("the stage %s has the same lines in each Dockerfile that has it", (shared) => {
  const texts = IMAGE_ROLES.map((role) => stageTexts(role).get(shared)).filter((text) => text !== undefined);
  expect(texts.length).toBeGreaterThan(1);
  expect(new Set(texts).size).toBe(1);
});

test.each(IMAGE_ROLES)(
  "the stages of %s that others have as well are shared ones, in their order",
  async (role) => {
    const stages = await stagesOf({ folder: join(FOLDER, role) });
    const others = await Promise.all(
      IMAGE_ROLES.filter((other) => other !== role).map((other) => stagesOf({ folder: join(FOLDER, other) })),
    );
    const common = stages.filter((stage) => others.flat().includes(stage));
    expect(common).toEqual(SHARED_STAGES.filter((shared) => stages.includes(shared)));
    expect(common[0]).toBe("base");
  },
);
