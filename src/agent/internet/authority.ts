import { mkdirSync, readFileSync } from "node:fs";

import { CONFIG_FOLDER } from "../../core/model/names.ts";
import { readIfThere } from "../files.ts";
import { run } from "../programs/command.ts";

/** Only root enters it. */
const FOLDER = `${CONFIG_FOLDER}/authority`;
const KEY = `${FOLDER}/authority.key`;
const CERTIFICATE = `${FOLDER}/authority.pem`;
const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"];
const DAYS = "3650";

/** A server's key and certificate, as PEM. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
}

/** The lab's own certification authority (RFC 5280). It is made when it is first needed, and goes with the container. */
export class Authority {
  readonly #lab: string;

  constructor(lab: string) {
    this.#lab = lab;
  }

  /** Its certificate as PEM, for those who want to trust it; undefined while nobody needed it. */
  get certificate(): string | undefined {
    return readIfThere(CERTIFICATE);
  }

  /** A new key and certificate for a domain name. Throws CommandError. */
  async issue(name: string): Promise<Identity> {
    await this.#prepare();
    const key = `${FOLDER}/server.key`;
    const subject = ["-subj", "/CN=mhlab PvD", "-addext", `subjectAltName=DNS:${name}`];
    const uses = ["-addext", "basicConstraints=critical,CA:FALSE", "-addext", "extendedKeyUsage=serverAuth"];
    const by = ["-CA", CERTIFICATE, "-CAkey", KEY];
    const cert = await run([
      "openssl",
      "req",
      "-x509",
      ...by,
      ...NEW_KEY,
      "-keyout",
      key,
      ...subject,
      ...uses,
      "-days",
      DAYS,
    ]);
    return { key: readFileSync(key, "utf8"), cert };
  }

  async #prepare(): Promise<void> {
    if (this.certificate !== undefined) return;
    mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
    const uses = [
      "basicConstraints=critical,CA:TRUE,pathlen:0",
      "keyUsage=critical,keyCertSign,cRLSign",
    ].flatMap((use) => ["-addext", use]);
    const subject = ["-subj", `/O=mhlab/CN=lab ${this.#lab}`];
    await run([
      "openssl",
      "req",
      "-x509",
      ...NEW_KEY,
      "-keyout",
      KEY,
      "-out",
      CERTIFICATE,
      ...subject,
      ...uses,
      "-days",
      DAYS,
    ]);
  }
}
