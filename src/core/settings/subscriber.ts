import { formatLink, LINK_FORMS, LINK_FORMS_TEXT, parseLink } from "../links/environment.ts";
import { MAX_INTERFACE_NAME } from "../names.ts";
import { parseInterfaceName } from "../values/parse.ts";
import { onOff } from "./codec.ts";
import { setting, type Section } from "./setting.ts";

/** How a BNG gets to its customers; lab.yaml says it in its own words (`subscriber`). */
export const subscriber = {
  interface: setting({
    path: undefined,
    variable: "SUBSCRIBER_INTERFACE",
    codec: {
      environment: {
        parse: parseInterfaceName,
        right: `an interface name of 1 to ${MAX_INTERFACE_NAME} characters`,
        format: (name: string) => name,
      },
    },
    default: { required: true, example: "enp2s0" },
    group: "subscriber",
    follows: "subscriber",
    text: { environment: "claimed from the host's namespace, or the name of what is made" },
  }),
  link: setting({
    path: undefined,
    variable: "SUBSCRIBER_LINK",
    codec: { environment: { parse: parseLink, right: LINK_FORMS_TEXT, format: formatLink } },
    default: { value: { kind: "claim" } },
    group: "subscriber",
    follows: "subscriber",
    text: {
      environment: `${LINK_FORMS.map((form) => `\`${form}\``).join(", ")}; see [subscriber links](subscriber-links.md)`,
    },
  }),
  force: setting({
    path: undefined,
    variable: "SUBSCRIBER_FORCE",
    codec: onOff,
    default: { value: false },
    group: "subscriber",
    follows: "subscriber",
    quiet: true,
    text: {
      environment:
        "`yes`: claim the interface even when the host has its default route, an SSH session or addresses on it",
    },
  }),
} satisfies Section;
