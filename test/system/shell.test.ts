import { expect, test } from "vitest";
import { ALPHA, succeed, useLabs, writeLab } from "./lab/fixture.ts";
import { labState, mhlab, paths, PROJECT, run } from "./support/sandbox.ts";

useLabs();

test("a shell names lab and node, takes words from the terminal, and gives its exit code", async () => {
  await succeed(["up", writeLab("shelled", [{ ...ALPHA, subscriber: "{veth: to-alpha}" }])]);
  const env = {
    CI: "",
    TERM: "xterm",
    MHLAB_SANDBOX: "1",
    MHLAB_SANDBOX_DIR: paths.root,
    MHLAB_STATE_DIR: labState(),
  };
  // `script` is util-linux's pseudo-terminal.
  const shell = `${process.execPath} ${PROJECT}/bin/mhlab.js shell alpha`;
  const { code, stdout } = await run(["script", "-qec", shell, "/dev/null"], {
    env,
    input: "cd /etc/mhlab\nhostname\nexit 7\n",
    check: false,
  });
  expect(code).toBe(7);
  expect(stdout).toContain("shelled/alpha:/# ");
  expect(stdout).toContain("shelled/alpha:/etc/mhlab# ");
  expect(stdout).toMatch(/^.*(?<![a-z/])alpha\s*$/m);
});

test("without a terminal a shell says what to use instead", async () => {
  const { code, stderr } = await mhlab(["shell", "alpha"]);
  expect(code).toBe(2);
  expect(stderr).toContain("exec alpha -- sh -c");
});
