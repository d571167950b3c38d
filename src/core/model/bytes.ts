const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** A number of bytes as a person says it, in binary units: `512 B`, `1.5 MiB`, `230 MiB`. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}
