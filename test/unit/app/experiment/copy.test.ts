/** Files that a scenario copies into nodes: read before the run, and never through a link. */
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runFolders } from "../../../../src/adapters/files/run-folder.ts";
import { runExperiment } from "../../../../src/app/experiment/run.ts";
import { readInputs } from "../../../../src/app/experiment/steps/nodes.ts";
import { MhlabError } from "../../../../src/core/model/errors.ts";
import { runRecord } from "../../support/run-record.ts";

const { scenario } = runRecord();
const copying = (from: string): typeof scenario => ({
  ...scenario,
  steps: [{ id: "copy", atS: 1, do: "copy", node: "home", from, to: "/tmp/x", direction: "in" }],
});

function folderWithSecret(): string {
  const top = mkdtempSync(join(tmpdir(), "mhlab-copy-"));
  mkdirSync(join(top, "repository/real"), { recursive: true });
  writeFileSync(join(top, "id_ed25519"), "SECRET");
  writeFileSync(join(top, "repository/real/dhcpcd.conf"), "ipv6only\n");
  symlinkSync("../id_ed25519", join(top, "repository/dhcpcd.conf"));
  symlinkSync("real", join(top, "repository/inputs"));
  return join(top, "repository");
}

test("a file below the folder is read", () => {
  const inputs = { folder: folderWithSecret(), below: "" };
  const read = readInputs({ scenario: copying("real/dhcpcd.conf"), inputs }, runFolders);
  expect([...read.values()].map(String)).toEqual(["ipv6only\n"]);
});

test.each([
  ["of a scenario, to a private key", "dhcpcd.conf", "", "dhcpcd.conf: 'dhcpcd.conf' is a symbolic link"],
  ["of a replay, in place of inputs/", "dhcpcd.conf", "inputs/", "dhcpcd.conf: 'inputs' is a symbolic link"],
])("a link %s is refused before anything is done", async (_, from, below, said) => {
  const plan = { scenario: copying(from), inputs: { folder: folderWithSecret(), below } };
  const untouched = {
    folders: { ...runFolders, make: () => Promise.reject(new Error("a folder was made")) },
  };
  const error = await runExperiment(plan as never, untouched as never, {} as never).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MhlabError);
  expect(error).toMatchObject({
    code: "MHLAB_RUN_UNREADABLE",
    message: expect.stringContaining(said) as string,
    state: "Nothing was changed.",
  });
});
