import type { ToldLan } from "../../core/model/links/lan.ts";
import { LanPort, removeUnusedLan } from "../net/lan-port.ts";
import { markOf, readBirthLink } from "../net/link.ts";
import { waitUntil } from "../patience.ts";
import { RETURN, type MakerKind } from "./maker.ts";

/** A port of a bridge that providers make and share. */
export const lan: MakerKind<ToldLan> = {
  make: ({ node, name, clock }, { bridge, owner }) =>
    new LanPort({ name, alias: markOf(node), clock }, bridge, owner),
  async restore(_, { bridge, owner }) {
    const isGone = async (): Promise<boolean> => (await readBirthLink(bridge)) === undefined;
    await waitUntil(async () => (await removeUnusedLan(bridge, owner)) || (await isGone()), RETURN);
  },
};
