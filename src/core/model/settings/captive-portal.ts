import { portal } from "../values/announced.ts";
import { text } from "./codec.ts";
import { setting, type Section } from "./setting.ts";

/** Where customers are sent who have to do something before they get on (RFC 8910). */
export const captivePortal = {
  captivePortal: setting({
    path: "captive-portal",
    codec: text<string>({
      read: portal,
    }),
    default: { value: undefined },
    group: "captive portal",
    live: true,
    text: {
      schema: "The captive portal's API that customers are told (RFC 8910).",
      lab: "address of a captive portal's API that customers are told, in router advertisements and DHCPv6 (RFC 8910)",
    },
    examples: ["https://portal.example/api"],
  }),
} satisfies Section;
