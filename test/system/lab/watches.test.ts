/** The kernel allows 128 inotify instances to all that root runs: a lab of a hundred members has room when no agent holds one. */
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { inLabHost, PROJECT } from "../support/sandbox.ts";
import { succeed, useLabs } from "./fixture.ts";

useLabs();

/** The agents of the lab by their roles, those marked that hold an inotify instance. */
const AGENTS = `for process in /proc/[0-9]*; do
  words=$(tr '\\0' ' ' < $process/cmdline 2> /dev/null)
  case $words in *'agent.js '*) ;; *) continue ;; esac
  case $words in *tini*) continue ;; esac
  role=\${words##*agent.js }
  ls -l $process/fd | grep -q inotify && echo "$role holds" || echo "$role none"
done`;

beforeAll(async () => {
  await succeed(["up", join(PROJECT, "examples/two-isps/lab.yaml")]);
});

test("no agent of any role holds an inotify instance", async () => {
  const { stdout } = await inLabHost(["sh", "-c", AGENTS]);
  const lines = stdout
    .split("\n")
    .map((line) => line.replace(/\s+/g, " ").trim())
    .filter((line) => line !== "");
  expect(lines.sort()).toEqual(["bng none", "bng none", "cpe none", "host none", "internet none"]);
});
