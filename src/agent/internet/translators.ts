import { reasonOf } from "../../core/model/errors.ts";
import { PROGRAMS } from "../../core/render/confinement/programs.ts";
import {
  poolRoute,
  renderPrefixRewriting,
  renderTayga,
  translatorDevice,
  translatorRoutes,
  translatorRule,
  type Translator,
} from "../../core/render/internet/translation.ts";
import { replaceFile } from "../files.ts";
import { log } from "../log.ts";
import { run } from "../programs/command.ts";
import { runIp } from "../programs/ip.ts";
import { loadRules } from "../net/nft.ts";
import { deleteLink } from "../net/link.ts";
import { openTun } from "../net/tun.ts";
import { uidOf } from "../programs/confine.ts";
import { Daemon } from "../supervise/daemon.ts";

const FOLDER = "/run/mhlab";

interface Running {
  readonly translator: Translator;
  readonly daemon: Daemon;
}

/** The NAT64s of providers: a tayga for each, with a device, an IPv4 pool and routes of its own. */
export class Translators {
  readonly #running = new Map<string, Running>();
  /** Those that the kernel has. */
  #rules = renderPrefixRewriting([]);

  get daemons(): Daemon[] {
    return [...this.#running.values()].map(({ daemon }) => daemon);
  }

  /** Makes those that run equal to these; one of which nothing changed is not touched. Throws CommandError. */
  async follow(wanted: readonly Translator[]): Promise<void> {
    const text = new Map(wanted.map((translator) => [translator.provider, JSON.stringify(translator)]));
    const gone = [...this.#running].filter(
      ([provider, { translator }]) => text.get(provider) !== JSON.stringify(translator),
    );
    for (const [provider, running] of gone) {
      this.#running.delete(provider);
      await end(running);
    }
    for (const translator of wanted.filter(({ provider }) => !this.#running.has(provider)))
      this.#running.set(translator.provider, { translator, daemon: tayga(translator) });
    const rules = renderPrefixRewriting(wanted);
    if (rules !== this.#rules) await loadRules(rules);
    this.#rules = rules;
    await Promise.all(this.daemons.map((daemon) => daemon.start()));
  }
}

function tayga(translator: Translator): Daemon {
  const { provider, prefix, pool } = translator;
  const file = `${FOLDER}/tayga-${provider}.conf`;
  return new Daemon({
    name: `tayga-${provider}`,
    // `-d` keeps it in the foreground; it says who gets which address.
    argv: ["tayga", "-d", "-c", file],
    confinement: PROGRAMS.tayga,
    before: async () => {
      replaceFile(file, renderTayga(translator), 0o644);
      try {
        await makeDevice(translator);
        log("info", `NAT64 of ${provider}: ${prefix} to ${pool}`);
      } catch (error) {
        // tayga then ends at once, and all of it is tried again.
        log("error", `NAT64 of ${provider}: ${reasonOf(error)}`);
      }
    },
    onLine: (line) => {
      if (/error|unable|invalid/i.test(line)) log("error", `tayga of ${provider}: ${line}`);
    },
  });
}

async function makeDevice(translator: Translator): Promise<void> {
  const device = translatorDevice(translator);
  const rule = translatorRule(translator);
  openTun();
  await deleteLink(device);
  const owner = ["user", String(uidOf(PROGRAMS.tayga))];
  await run(["ip", "tuntap", "add", "mode", "tun", ...owner, "name", device]);
  await runIp(translatorRoutes(translator));
  await run(["ip", "-4", ...poolRoute(translator)]);
  await dropRule(rule);
  await run(["ip", "-6", "rule", "add", ...rule]);
}

async function end({ translator, daemon }: Running): Promise<void> {
  await daemon.stop();
  await deleteLink(translatorDevice(translator));
  await dropRule(translatorRule(translator));
}

/** Whether it is there is known only by trying. */
async function dropRule(rule: readonly string[]): Promise<void> {
  await run(["ip", "-6", "rule", "del", ...rule]).catch(() => undefined);
}
