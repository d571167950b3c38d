import { HEARD_TABLE, parseHeard, renderHeard } from "../../core/bng/neighbours.ts";
import type { Neighbour } from "../../core/status/model.ts";
import { CommandError, run } from "../net/command.ts";

/** Begins to listen on the subscriber port; a netdev chain dies with its interface, so again for each new one. */
export async function listenOn(port: string): Promise<void> {
  await run(["nft", "-f", "-"], { input: renderHeard(port) });
}

/** Who was heard since; nobody while there is no port. */
export async function readNeighbours(): Promise<Neighbour[]> {
  try {
    return parseHeard(await run(["nft", "-j", "list", "table", "netdev", HEARD_TABLE]));
  } catch (error) {
    if (error instanceof CommandError) return [];
    throw error;
  }
}
