import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { buildByHand } from "../support/bng.ts";
import { paths, PROJECT, run, useSandbox } from "../support/sandbox.ts";

useSandbox();

const GOLDEN = join(PROJECT, "test/golden/bng");
const CHECK = `set -e
  ip link add sub0 type veth peer name sub1
  mkdir -p /run/kea && chmod 750 /run/kea
  export KEA_DHCP_DATA_DIR=/var/lib/mhlab/kea
  mkdir -p $KEA_DHCP_DATA_DIR
  cd /golden/$1
  [ ! -e kea-dhcp6.conf ] || kea-dhcp6 -t kea-dhcp6.conf > /dev/null
  for conf in *bird.conf; do bird -p -c "$conf"; done
  [ ! -e source-validation.nft ] || nft -c -f source-validation.nft
  echo accepted`;
let image: string;

beforeAll(async () => {
  image = await buildByHand("bng");
});

test.each(readdirSync(GOLDEN))("Kea, BIRD and nftables accept what is rendered: %s", async (variant) => {
  const engine = [
    "docker",
    "-H",
    `unix://${paths.socket}`,
    "run",
    "--rm",
    "--network",
    "none",
    "--privileged",
  ];
  const mount = ["-v", `${GOLDEN}:/golden:ro`, "--entrypoint", "sh"];
  const { stdout } = await run([...engine, ...mount, image, "-c", CHECK, "sh", variant]);
  expect(stdout).toContain("accepted");
});
