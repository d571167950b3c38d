/** Loads what any role may need, for the snapshot that the images are made with: a role then starts without compiling it. */
export async function warm(): Promise<void> {
  await Promise.all([
    import("./bng/main.ts"),
    import("./bng/keeper.ts"),
    import("./bng/restore.ts"),
    import("./cpe/main.ts"),
    import("./host/main.ts"),
  ]);
}
