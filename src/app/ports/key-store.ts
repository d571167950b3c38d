import type { KeyName, ProviderKeys } from "../../core/render/nodes/spec.ts";

/** Private keys, kept over `down` because the far side was configured with them. */
export interface KeyStore {
  /** Public halves of the keys that exist. Throws when a key file is broken. */
  publicKeys(lab: string, providers: readonly string[]): Promise<Map<string, ProviderKeys>>;
  /** Makes what is missing; the public halves of all. */
  ensure(lab: string, wanted: readonly WantedKey[]): Promise<Map<string, ProviderKeys>>;
  read(lab: string, key: KeyName): Promise<string>;
  /** Removes all keys of a lab; the number of files that were there. */
  purge(lab: string): Promise<number>;
  /** The labs that have keys, sorted. */
  labs(): Promise<string[]>;
  /** The providers of a lab that have a key, sorted. */
  providers(lab: string): Promise<string[]>;
  /** A short name of a key that tells nothing of a secret. */
  fingerprint(key: string): string;
  /** Where a key lies, there or not. */
  place(lab: string, key: KeyName): string;
  /** Replacing the key of a BNG, in steps that can be taken back. */
  readonly rotation: KeyRotation;
}

/** A BNG's key and the one that is to follow it; `next` lies beside the key until it takes its place. */
export interface KeyRotation {
  /** Public half of the next key; undefined when none is prepared. */
  next(lab: string, provider: string): Promise<string | undefined>;
  /** Makes the next key unless there is one; its public half. */
  prepare(lab: string, provider: string): Promise<string>;
  /** The next key becomes the key, and the key the next one: doing it again takes it back. */
  swap(lab: string, provider: string): Promise<void>;
  /** Where the next key lies, there or not. */
  place(lab: string, provider: string): string;
  /** Forgets the next key. */
  drop(lab: string, provider: string): Promise<void>;
}

export interface WantedKey {
  readonly provider: string;
  /** Whether mhlab plays the far side too. */
  readonly bundled: boolean;
  /** Whether both sides share a key as well. */
  readonly preshared?: boolean;
}
