import { reasonOf } from "./errors.ts";
/** What the system's word for a failed file operation means. */
const MEANING: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of its path is a file, not a folder",
  EISDIR: "it is a folder",
  EACCES: "its mode does not let you",
  EPERM: "the system does not let you",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "your share of the disk is used up",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "its links lead in a circle",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  EIO: "the disk fails",
  ETXTBSY: "it is running as a program",
  EBUSY: "something uses it",
};

/** The errno of a failed system call, such as `EACCES`; undefined for every other error. */
export function errnoOf(error: unknown): string | undefined {
  const { code, syscall } = (error ?? {}) as { code?: unknown; syscall?: unknown };
  return typeof code === "string" && typeof syscall === "string" && code in MEANING ? code : undefined;
}

/** Why a file cannot be used, as the end of a sentence. */
export function fileTrouble(error: unknown): string {
  const code = errnoOf(error);
  return (code === undefined ? undefined : MEANING[code]) ?? reasonOf(error);
}
