/** Keeps two runs of mhlab from changing one lab at once. */
export interface LabLock {
  /** Takes the lock or throws StateError naming who holds it; the function returned gives it back. */
  acquire(lab: string, what: string): Promise<() => Promise<void>>;
}
