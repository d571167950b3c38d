import { formatPrefix6, type Prefix6 } from "../ip6.ts";
import { MAX_PROVIDER_NAME } from "../names.ts";
import { name, NAME_PATTERN } from "../values/scalars.ts";
import { prefix } from "../values/scalars-network.ts";
import { text } from "./codec.ts";
import { setting, type Section } from "./setting.ts";

/** What a provider is called, and what it owns. */
export const provider = {
  name: setting({
    path: "name",
    codec: text<string>({
      read: name(MAX_PROVIDER_NAME, "its tunnel is called wg-<name>, and Linux allows 15 characters"),
      schema: { pattern: NAME_PATTERN, maxLength: MAX_PROVIDER_NAME },
    }),
    default: { required: true },
    // The tunnel is called after it.
    group: "wireguard",
    text: {
      schema: "Unique name of the provider.",
      lab: "1 to 12 characters; the tunnel's interface is `wg-<name>`",
    },
    ask: { flag: "name", message: "Name" },
    examples: ["alpha"],
  }),
  prefix: setting({
    path: "prefix",
    codec: text<Prefix6>({
      read: prefix(32, 64),
      format: formatPrefix6,
    }),
    default: { required: true },
    group: "prefix",
    live: true,
    text: {
      schema: "The provider's prefix, /32 to /64. Its first /64 connects BNG and CPEs.",
      lab: "the provider's prefix, from /32 to /64, without host bits",
    },
    ask: { flag: "prefix", message: "Prefix" },
    examples: ["2001:db8:a::/48"],
  }),
} satisfies Section;
