// A BNG tester with a thousand sessions on one port (N:1): each solicits, and needs an advertisement of its own.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { figure } from "../numbers.mjs";
import { FOLDER, PROJECT, mhlab } from "../place.mjs";

const LAB = "bench-sessions";
const PORT = "bench-tester";
const SENDER = join(PROJECT, "test/system/support/raw.py");
const SESSIONS = 1000;
const SETTLE_MS = 3000;
/** Solicitations of a session, with the pause of RFC 4861 10 between them. */
const TRIES = ["--rounds", "3", "--wait", "4"];

export async function measureSessions() {
  const file = join(FOLDER, "sessions.yaml");
  writeFileSync(
    file,
    `name: ${LAB}
internet: bundled
providers:
  - {name: line, prefix: "2001:db8:a::/48", subscriber: {veth: ${PORT}}}
`,
  );
  await mhlab(["up", file]);
  try {
    await inHost("ip", "link", "set", PORT, "up");
    await sleep(SETTLE_MS);
    const asked = ["--forge", "mac", "--count", String(SESSIONS), "--rate", "500", ...TRIES];
    const { stdout } = await inHost("python3", SENDER, "rs", PORT, ...asked);
    const { macs, multicast } = JSON.parse(stdout);
    return [
      figure(`IPoE sessions of ${SESSIONS} that got an advertisement of their own`, macs, {
        unit: "",
        reach: SESSIONS,
        note: `3 solicitations at most; ${multicast} advertisements went to all`,
      }),
    ];
  } finally {
    await mhlab(["down", LAB, "--purge"], { fails: true });
  }
}

function inHost(...words) {
  return mhlab(["sandbox", "exec", "--", ...words]);
}
