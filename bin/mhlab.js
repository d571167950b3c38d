#!/usr/bin/env node
// Says what is wrong in words that an old Node can still read, then hands over to the program.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error MHLAB_NODE  mhlab needs Node 20.19 or newer; this is ${process.versions.node}`);
  process.exit(3);
}
let main;
try {
  ({ main } = await import("../dist/cli/main.js"));
} catch (error) {
  if (error.code !== "ERR_MODULE_NOT_FOUND" || !String(error.message).includes("dist/cli/main.js"))
    throw error;
  console.error("error MHLAB_NOT_BUILT  mhlab is not built yet\nhint: npm run build");
  process.exit(1);
}
await main();
