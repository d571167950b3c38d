import { parseKey } from "../values/parse.ts";
import type { EnvironmentReader } from "./environment-reader.ts";
import { setting, type Section } from "./setting.ts";

const FILE = "WIREGUARD_PRIVATE_KEY_FILE";
const FILE_PATH = "the path of a file";
const VALUE = "WIREGUARD_PRIVATE_KEY";

/** A key that lies in a file, or the key itself. */
type KeySource = { readonly file: string } | { readonly value: string };

/** The BNG's own keys: made by mhlab, and no part of lab.yaml. */
export const keys = {
  privateKey: setting({
    path: undefined,
    variable: FILE,
    alternative: VALUE,
    codec: {
      environment: {
        parse: (file: string): KeySource => ({ file }),
        right: FILE_PATH,
        format(key: KeySource) {
          if ("file" in key) return key.file;
          throw new TypeError("a private key goes by file");
        },
        secret: true,
      },
    },
    readFrom: readPrivateKey,
    default: { required: true },
    group: "wireguard",
    text: { environment: "prefer the file: an environment shows in `docker inspect`" },
  }),
  presharedKeyFile: setting({
    path: undefined,
    variable: "WIREGUARD_PRESHARED_KEY_FILE",
    codec: {
      environment: {
        parse: (file: string) => file,
        right: FILE_PATH,
        format: (file: string) => file,
      },
    },
    default: { value: undefined },
    group: "wireguard",
    follows: "wireguard.preshared-key",
    text: { environment: "file of a pre-shared key" },
  }),
} satisfies Section;

function readPrivateKey(reader: EnvironmentReader): KeySource | undefined {
  const file = reader.text(FILE);
  const value = reader.text(VALUE);
  if (file !== undefined) return { file };
  if (value !== undefined && parseKey(value) !== undefined) return { value };
  reader.fail(
    VALUE,
    value === undefined
      ? `is not set; give the key itself, or ${FILE} with the path of a file that holds it`
      : "is not a WireGuard key; right would be 44 characters of base64, as 'wg genkey' prints (the value is not shown)",
  );
  return undefined;
}
