import { randomBytes } from "node:crypto";
import type { ProviderStatus } from "../../../src/core/model/status/model.ts";
import { run } from "./command.ts";
import {
  eventually,
  inLabHost,
  PROJECT,
  docker as engine,
  newNetns,
  paths,
  type TestNetns,
} from "./sandbox.ts";

const docker = (argv: readonly string[], check = true): ReturnType<typeof run> =>
  run(["docker", "-H", `unix://${paths.socket}`, ...argv], { check });

/** Builds an image as a user would by hand; returns its name. */
export async function buildByHand(role: string): Promise<string> {
  const image = `mhlab-test/${role}`;
  await run(
    [
      "docker",
      "-H",
      `unix://${paths.socket}`,
      "build",
      "-q",
      "--network",
      "host",
      "-t",
      image,
      `${PROJECT}/images/${role}`,
    ],
    {
      timeoutMs: 600_000,
    },
  );
  return image;
}

/** A WireGuard peer of the test's own, in a namespace of its own, with its UDP socket in the lab host's namespace. */
export interface FarSide {
  netns: TestNetns;
  endpoint: string;
  publicKey: string;
  bngPrivateKey: string;
}

/** Sets up the far side: wireguard-go born in the lab host, `2001:db8:0:a::1` in the tunnel, `2001:db8::1` behind it. */
export async function farSide(prefix: string): Promise<FarSide> {
  const netns = await newNetns("far");
  const device = `far${randomBytes(3).toString("hex")}`;
  const far = await keyPair();
  const bng = await keyPair();
  const script = `set -e
    umask 077; mkdir -p /run/wireguard
    wireguard-go ${device} 2>/dev/null
    for try in 1 2 3 4 5 6 7 8 9 10; do [ -S /run/wireguard/${device}.sock ] && break; sleep 0.1; done
    trap 'ip link del ${device} 2>/dev/null || true' EXIT
    cat > /run/${device}.conf
    wg setconf ${device} /run/${device}.conf; rm /run/${device}.conf
    ip link set ${device} netns ${netns.name}`;
  const settings = `[Interface]\nPrivateKey = ${far.secret}\n[Peer]\nPublicKey = ${bng.public}\nAllowedIPs = ::/0\n`;
  await inLabHost(["sh", "-c", script], { input: settings });
  await netns.run([
    "sh",
    "-c",
    `sysctl -qw net.ipv6.conf.all.forwarding=1
     ip addr add 2001:db8:0:a::1/64 dev ${device}; ip link set ${device} up
     ip -6 route add ${prefix} dev ${device}; ip addr add 2001:db8::1/128 dev lo`,
  ]);
  // The kernel chose it: one that is fixed may still be held by the peer of an earlier file.
  const port = (await netns.run(["wg", "show", device, "listen-port"])).stdout.trim();
  return { netns, endpoint: `127.0.0.1:${port}`, publicKey: far.public, bngPrivateKey: bng.secret };
}

async function keyPair(): Promise<{ secret: string; public: string }> {
  const secret = (await run(["wg", "genkey"])).stdout;
  return { secret, public: (await run(["wg", "pubkey"], { input: secret })).stdout };
}

/** A BNG that was started by hand with `docker run`. */
export interface HandBng {
  name: string;
  status(): Promise<ProviderStatus>;
  /** Waits until the status satisfies a condition. */
  until(
    what: string,
    condition: (status: ProviderStatus) => boolean,
    timeoutMs?: number,
  ): Promise<ProviderStatus>;
  exec(argv: readonly string[]): Promise<string>;
  logs(): Promise<string>;
  restart(): Promise<void>;
  /** Starts one that has ended; throws while it still runs. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** `docker run -d` of the BNG image with the given options before and the environment after them. */
export async function runBng(
  image: string,
  options: readonly string[],
  environment: Record<string, string>,
): Promise<HandBng> {
  const name = `hand-${randomBytes(3).toString("hex")}`;
  const variables = Object.entries(environment).flatMap(([key, value]) => ["-e", `${key}=${value}`]);
  await docker(["run", "-d", "--name", name, ...options, ...variables, image]);
  const status = async (): Promise<ProviderStatus> =>
    JSON.parse((await docker(["exec", name, "bng", "status"])).stdout) as ProviderStatus;
  return {
    name,
    status,
    until: (what, condition, timeoutMs = 15_000) =>
      eventually(
        async () => {
          const now = await status();
          if (!condition(now)) throw new Error(`${what}: ${JSON.stringify(now)}`);
          return now;
        },
        { timeoutMs },
      ),
    exec: async (argv) => (await docker(["exec", name, ...argv])).stdout,
    logs: async () => {
      const { stdout, stderr } = await docker(["logs", name]);
      return stdout + stderr;
    },
    restart: async () => void (await docker(["restart", "-t", "3", name])),
    start: async () => {
      const running = (await docker(["inspect", "-f", "{{.State.Running}}", name])).stdout.trim();
      if (running === "true") throw new Error(`${name} still runs`);
      await docker(["start", name]);
    },
    remove: async () => void (await engine.getContainer(name).remove({ force: true, v: true })),
  };
}

export const SEED_OPTIONS = ["--privileged", "-v", "/proc/1/ns/net:/var/run/netns/host"];

export const LEAST_PRIVILEGE =
  "--network none -v /proc/1/ns/net:/var/run/netns/host --device /dev/net/tun --cap-drop ALL \
--cap-add NET_ADMIN --cap-add NET_RAW --cap-add SYS_ADMIN --cap-add SETPCAP \
--cap-add SETUID --cap-add SETGID --cap-add KILL --cap-add CHOWN --cap-add DAC_OVERRIDE \
--security-opt no-new-privileges --security-opt seccomp=schemas/seccomp.json \
--read-only --tmpfs /run --tmpfs /tmp --volume /etc/mhlab --volume /var/lib/mhlab \
--pids-limit 1024 --memory 768m --ulimit core=0 \
--sysctl net.ipv6.conf.all.disable_ipv6=0 --sysctl net.ipv6.conf.default.disable_ipv6=0 \
--sysctl net.ipv6.conf.all.forwarding=1 --sysctl net.ipv6.conf.default.accept_ra=0 \
--sysctl net.ipv6.fwmark_reflect=1 --sysctl net.ipv6.icmp.ratelimit=0"
    .split(" ")
    .map((word) => word.replace("=schemas/", `=${PROJECT}/schemas/`));
