/** A BNG that was started by hand: with the rights that docs/bng.md names, with those of earlier versions, with all. */
import { expect, test } from "vitest";
import { PROGRAMS } from "../../../src/core/render/confinement/programs.ts";
import { LEAST_PRIVILEGE, SEED_OPTIONS } from "../support/bng.ts";
import { FIRST, prefixesOf, routesBecome, stop, useBng, withClient } from "../bng/fixture.ts";

useBng();

/** CAP_NET_RAW, as /proc shows it. */
const NET_RAW = "0000000000002000";
const NEW_RIGHTS = new Set(["SETUID", "SETGID", "KILL", "CHOWN", "DAC_OVERRIDE"]);
/** The capabilities that were enough before programs had users of their own; no read-only root, no profile. */
const EARLIER = LEAST_PRIVILEGE.filter(
  (word, index, all) =>
    !NEW_RIGHTS.has(word) &&
    !NEW_RIGHTS.has(all[index + 1] ?? "") &&
    word !== "--read-only" &&
    !word.startsWith("seccomp=") &&
    !(all[index + 1] ?? "").startsWith("seccomp="),
);

test.each([
  ["the rights that the docs name", LEAST_PRIVILEGE, "_kea", []],
  ["--privileged", SEED_OPTIONS, "_kea", []],
  [
    "the rights of earlier versions",
    EARLIER,
    "root",
    ["programs keep the rights of root: the container was started without SETUID, SETGID, KILL"],
  ],
])("with %s it delegates, and Kea has the one right that it needs", async (_, options, user, warnings) => {
  const { bng, send } = await withClient({}, options);
  expect(prefixesOf(await send({ message: "solicit", rapid: true, pd: [1] }))).toEqual([FIRST]);
  await routesBecome(bng, [FIRST]);
  const kea = "$(pgrep -x kea-dhcp6)";
  const look = `ps -o user= -p ${kea}; awk '/^Cap(Eff|Bnd)/ { print $2 }' /proc/${kea}/status`;
  const [owner, ...masks] = (await bng.exec(["sh", "-c", look])).trim().split(/\s+/);
  expect(PROGRAMS.kea.capabilities).toEqual(["net_raw"]);
  expect([owner, ...masks]).toEqual([user, NET_RAW, NET_RAW]);
  const logs = await bng.logs();
  expect(logs.split("\n").filter((line) => line.includes("keep the rights")).length > 0).toBe(
    warnings.length > 0,
  );
  for (const warning of warnings) expect(logs).toContain(warning);
  await bng.restart();
  await bng.until("ready again", (status) => status.ready);
  await routesBecome(bng, [FIRST]);
  await stop(bng);
});
