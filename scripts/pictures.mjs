// Takes the pictures of README.md and the docs from a lab that runs: examples/two-isps in the sandbox, with traffic, faults and a
// renumbering, for five minutes; and from the report of a run. Nothing in them is made up. Usage: npm run pictures
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";

const ROOT = join(import.meta.dirname, "..");
const PICTURES = join(ROOT, "docs/pictures");
const LAB = "examples/two-isps/lab.yaml";
const NAME = "two-isps";
const SCENARIO = "examples/scenarios/silent-upstream.yaml";
const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
const TARGET = "2001:db8::1";

const folder = mkdtempSync(join(tmpdir(), "mhlab-pictures-"));
const children = [];
let browser;

process.once("SIGINT", () => process.exit(130));
try {
  mhlab("sandbox", "start");
  mhlab("--sandbox", "up", LAB, "--reset", "--replace");
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  await picturesOfLab();
  mhlab("--sandbox", "down", NAME);
  await pictureOfReport();
} finally {
  for (const child of children) child.kill("SIGINT");
  await browser?.close();
  mhlab("--sandbox", "down", NAME);
  rmSync(folder, { recursive: true });
}

/** The page is looked at from the beginning, because values are kept only meanwhile. */
async function picturesOfLab() {
  const url = await dashboard();
  const wide = await open(url, WIDE, "light");
  const fromMs = performance.now();
  const at = async (seconds, ...words) => {
    await sleep(Math.max(0, fromMs + seconds * 1000 - performance.now()));
    if (words.length > 0) mhlab("--sandbox", ...words);
  };
  await at(10);
  traffic("iperf3", "-c", TARGET, "-B", addressOf("alpha"), "-b", "2M", "-R", "-t", "280");
  traffic("ping", "-q", "-i", "0.02", "-s", "1000", "-I", addressOf("beta"), TARGET);
  await at(70, "fault", "inject", "upstream-blackhole", "alpha", "--for", "30s");
  await at(130, "renumber", "beta", "2001:db8:bb::/48", "--graceful", "--overlap", "100s");
  await at(215);
  await wide.getByRole("button", { name: "Mark now" }).click();
  await wide.locator('dialog input[name="label"]').fill("cable moved");
  await wide.locator("dialog button.primary").click();
  await at(240, "fault", "inject", "line-loss", "beta", "share=20%", "--direction", "down");
  await at(290);
  await wide.screenshot({ path: join(PICTURES, "dashboard.png"), animations: "disabled" });

  const dark = await open(url, WIDE, "dark");
  await dark.click('[data-id="bng:beta"]');
  await dark.waitForSelector(".drawer");
  await sleep(2000);
  await dark.screenshot({ path: join(PICTURES, "dashboard-node.png"), animations: "disabled" });

  const phone = await open(url, PHONE, "dark");
  await sleep(2000);
  await phone.screenshot({ path: join(PICTURES, "dashboard-phone.png"), animations: "disabled" });
}

async function pictureOfReport() {
  const out = join(folder, "run");
  mhlab("--sandbox", "run", SCENARIO, "--out", out);
  const page = await open(`file://${join(out, "report.html")}`, { width: 1100, height: 1850 }, "light");
  await page.screenshot({ path: join(PICTURES, "report.png"), animations: "disabled" });
}

async function open(url, viewport, colorScheme) {
  const context = await browser.newContext({ viewport, colorScheme, timezoneId: "UTC" });
  const page = await context.newPage();
  await page.goto(url);
  if (url.startsWith("http")) await page.waitForSelector("[data-id]");
  return page;
}

/** Starts the dashboard; its address. */
async function dashboard() {
  const child = start(["--sandbox", "dashboard", LAB, "--port", "0", "--json"]);
  const line = await new Promise((resolve, reject) => {
    child.stdout.once("data", resolve);
    child.once("exit", (code) => reject(new Error(`mhlab dashboard ended with ${code}`)));
  });
  return JSON.parse(line.toString()).url;
}

/** Lets the host send, until this script ends. */
function traffic(...words) {
  start(["--sandbox", "exec", "home-host1", "--", ...words]).stdout.resume();
}

/** The host's preferred address of a provider. */
function addressOf(provider) {
  const status = JSON.parse(mhlab("--sandbox", "status", NAME, "--json"));
  const addresses = status.cpes.flatMap(({ hosts }) => hosts).flatMap((host) => host.addresses);
  const found = addresses.find((one) => one.provider === provider && one.state === "preferred");
  if (found === undefined) throw new Error(`home-host1 has no preferred address of ${provider}`);
  return found.address;
}

function start(words) {
  const child = spawn(process.execPath, [join(ROOT, "bin/mhlab.js"), ...words], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  return child;
}

/** Runs a command to its end; what it printed. */
function mhlab(...words) {
  process.stderr.write(`mhlab ${words.join(" ")}\n`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, "bin/mhlab.js"), ...words], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`mhlab ${words.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}
