/** Runs inside the test machine, once per boot; reports to the second serial port, one line per check. */
import { readFileSync, writeFileSync } from "node:fs";
import { Cpe } from "./cpe.ts";
import { deskLab, deskStory } from "./desk.ts";
import { writeLab } from "./lab.ts";
import { leavingStory } from "./leaving.ts";
import { lineStory } from "./line.ts";
import { evidence, MAC, nicName } from "./machine.ts";
import { rebootStory, recall, remember } from "./reboot.ts";
import { announce, end, note, play } from "./report.ts";
import { eventually, messageOf, run, shell } from "./shell.ts";
import { trunkLab, trunkLines, trunkStory, TRUNK, type Line } from "./trunk.ts";

const deskCpe = new Cpe("desk-cpe");
/** The story of the line is asked for: MHLAB_VM_LINE. */
const WITH_LINE = /\bmhlab\.line\b/.test(readFileSync("/proc/cmdline", "utf8"));

/** What a person does with cables and a network configuration: the other ends of the cards, the customers. */
async function plugCables(lines: readonly Line[]): Promise<void> {
  const [near, trunk, parent] = [nicName(MAC.deskCpe), nicName(MAC.trunkCpe), nicName(MAC.trunk)];
  await shell(`ip link set ${parent} up
    ip netns add trunk; ip link set ${trunk} netns trunk
    nsenter --net=/run/netns/trunk -- ip link set ${trunk} up`);
  await deskCpe.plug(
    `ip link set ${near} netns $NS; nsenter --net=/run/netns/$NS -- ip link set ${near} name wan0`,
  );
  for (const { cpe, wire } of lines) await cpe.plug(wire(trunk));
}

/** All that the machine is about: the same in both boots, but for the desk's card, which a BNG holds when it comes up again. */
function setting(nic: string) {
  const trunkNic = nicName(MAC.trunk);
  const lines = trunkLines(trunkNic);
  const deskFile = writeLab("desk", deskLab(nic));
  const trunkFile = writeLab(TRUNK, trunkLab(lines));
  const cpes = [deskCpe, ...lines.map(({ cpe }) => cpe)];
  return {
    lines,
    cpes,
    desk: deskStory({ file: deskFile, nic, cpe: deskCpe }),
    line: lineStory(deskCpe),
    trunk: trunkStory(trunkFile, trunkNic, lines),
    reboot: rebootStory(() => recall() ?? { nic, labs: {}, addresses: {} }, cpes),
    leaving: leavingStory({ nic, cpe: deskCpe }),
  };
}

async function firstBoot(): Promise<void> {
  const nic = nicName(MAC.desk);
  const { lines, cpes, desk, line, trunk, reboot, leaving } = setting(nic);
  announce([desk, ...(WITH_LINE ? [line] : []), trunk, reboot, leaving]);
  await plugCables(lines);
  const good = await play(desk, evidence);
  // What it finds of the line says nothing of the rest.
  if (good && WITH_LINE) await play(line, evidence);
  if (!(await play(trunk, evidence)) || !good) return;
  await remember(nic, ["desk", TRUNK], cpes);
  note("rebooting");
  writeFileSync("/run/mhlab-reboot", "");
  await run(["systemctl", "--no-block", "reboot"]);
}

async function secondBoot(nic: string): Promise<void> {
  const { lines, reboot, leaving } = setting(nic);
  await plugCables(lines);
  if (await play(reboot, evidence)) await play(leaving, evidence);
}

async function main(): Promise<void> {
  note(`up ${(await shell("cut -d' ' -f1 /proc/uptime; uname -r")).trim().replace("\n", " s, kernel ")}`);
  await eventually(() => run(["docker", "version"]), 60_000);
  note(`engine answers at ${(await shell("cut -d' ' -f1 /proc/uptime")).trim()} s`);
  const before = recall();
  await (before === undefined ? firstBoot() : secondBoot(before.nic));
  if (before !== undefined) end();
}

main()
  .catch((error: unknown) => {
    note(messageOf(error).replaceAll("\n", " | "));
    process.exitCode = 1;
  })
  // The customers' clients still run.
  .finally(() => process.exit());
