import {
  mendRefusalRoute,
  refusalRouteQueries,
  type RefusalRoute,
} from "../../core/render/bng/refusal-route.ts";
import type { Clock } from "../clock.ts";
import { askIp, runIp } from "../programs/ip.ts";
import { isPresent, SteadyRoutes } from "../net/glance.ts";
import { Loop } from "../supervise/loop.ts";

/** Who knows of an event asks at once. */
const CHECK_MS = 30_000;
const NOTHING: RefusalRoute = { rules: [], routes: [], neighbours: [] };

/** Keeps the route by which ICMPv6 errors about a wrong source go back to the port: it dies with each interface, and when one is set down. */
export class RefusalRouteKeeper {
  readonly #port: string;
  readonly #steady: SteadyRoutes<true>;
  readonly #loop: Loop;
  /** A container begins with a network of its own. */
  #isFirst = true;

  constructor(port: string, clock: Clock) {
    this.#port = port;
    this.#steady = new SteadyRoutes(port, clock);
    this.#loop = new Loop("route of refusals", CHECK_MS, () => this.#reconcile());
  }

  /** Begins to compare, or compares now. */
  start(): void {
    this.#loop.start();
  }

  /** Compares now, if it does at all. */
  poke(): void {
    this.#loop.poke();
  }

  stop(): void {
    this.#loop.stop();
  }

  async #reconcile(): Promise<void> {
    // Without its interface there is nothing to route to; its return asks again.
    if (!isPresent(this.#port)) return;
    let mended = false;
    await this.#steady.read(async () => {
      mended = await this.#mend();
      return true;
    });
    // What is remembered must be a glance at the mended state: the broken one may come back before the next look.
    if (mended) this.#steady.changed();
  }

  /** Returns whether anything was missing. */
  async #mend(): Promise<boolean> {
    const found = this.#isFirst ? NOTHING : await this.#look();
    this.#isFirst = false;
    const commands = mendRefusalRoute(this.#port, found);
    await runIp(commands);
    return commands.length > 0;
  }

  async #look(): Promise<RefusalRoute> {
    const [rules = [], routes = [], neighbours = []] = await askIp(refusalRouteQueries(this.#port));
    return { rules, routes, neighbours } as RefusalRoute;
  }
}
