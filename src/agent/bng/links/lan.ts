import type { ToldLan } from "../../../core/links/lan.ts";
import { LanPort, removeUnusedLan } from "../../net/lan-port.ts";
import { markOf, readBirthLink } from "../../net/link.ts";
import type { MakerKind } from "./maker.ts";
import { patiently } from "./patience.ts";

/** A port of a bridge that providers make and share. */
export const lan: MakerKind<ToldLan> = {
  make: ({ provider, name }, { bridge, owner }) =>
    new LanPort({ name, alias: markOf(provider) }, bridge, owner),
  async restore(_, { bridge, owner }) {
    const isGone = async (): Promise<boolean> => (await readBirthLink(bridge)) === undefined;
    await patiently(() => removeUnusedLan(bridge, owner), isGone);
  },
};
