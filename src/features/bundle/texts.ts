/** What a bundle says and does on the machine that it is brought to. */

/** Names of the files in a bundle; SHA256SUMS is written over all of them. */
export const BundleFile = {
  install: "install.sh",
  readme: "README.txt",
  images: "images.tar",
  sbom: (role: string) => `sbom/${role}.spdx.json`,
  licence: "LICENSE",
  thirdParty: "THIRD-PARTY.txt",
} as const;

export interface BundleFacts {
  readonly version: string;
  /** Of the engine whose images these are, as `uname -m` names it. */
  readonly architecture: string;
  /** File name of the npm package. */
  readonly packageFile: string;
  /** References of the images. */
  readonly images: readonly string[];
}

/**
 * The POSIX shell script that installs a bundle: it checks the files, the architecture and Node before it changes anything, then
 * installs the npm package and loads the images.
 */
export function installScript({ version, architecture, packageFile }: BundleFacts): string {
  return `#!/bin/sh
# Installs mhlab ${version} from this folder, without any network.
#   PREFIX=<folder> sh install.sh      npm's prefix; by default npm's own
#   MHLAB_SANDBOX=1 sh install.sh      loads the images into the sandbox
set -eu
cd "$(dirname "$0")"

fail() {
  echo "$1" >&2
  echo "Nothing was changed." >&2
  exit 3
}

sha256sum --check --quiet SHA256SUMS >&2 || fail 'A file of the bundle is damaged or missing: copy the bundle again.'
[ "$(uname -m)" = ${architecture} ] ||
  fail "The images are for ${architecture}, and this machine is $(uname -m): make a bundle on a machine like this one."
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
  fail 'mhlab needs Node 20.19 or newer.'
command -v npm > /dev/null || fail 'npm is missing; it installs the package without a network.'

npm install --global --offline --no-audit --no-fund --ignore-scripts \${PREFIX:+--prefix "$PREFIX"} "./${packageFile}"
prefix=\${PREFIX:-$(npm prefix --global)}
mhlab=$prefix/bin/mhlab
"$mhlab" image load ${BundleFile.images}
cat << END

mhlab ${version} is installed: $mhlab
Start a lab with:
  mhlab up "$prefix/lib/node_modules/mhlab/examples/two-isps/lab.yaml"
END
`;
}

/** The bundle's README. */
export function bundleReadme({ version, architecture, packageFile, images }: BundleFacts): string {
  return `mhlab ${version}, offline bundle for Linux ${architecture}

Install:  sh install.sh                      Docker on this machine, as root or a member of the group docker
          sudo MHLAB_SANDBOX=1 sh install.sh  mhlab's own sandbox instead (needs dockerd, tini, iproute2, util-linux)
          PREFIX=<folder> sh install.sh      without root: npm's prefix; <folder>/bin/mhlab is the program
Remove:   npm uninstall --global mhlab, and docker image rm the images below

The machine needs Linux, Node 20.19 or newer with npm, and Docker. It needs no registry and no network.

Files
  SHA256SUMS         checksums of all files; install.sh checks them first
  ${packageFile.padEnd(18)} the command line program, with its documentation and examples
  images.tar         the images of the containers, as docker load takes them:
${images.map((image) => `                       ${image}`).join("\n")}
  sbom/              what is in each image, as SPDX 2.3: packages, versions, licences where the package states one
  LICENSE            the licence of mhlab
  THIRD-PARTY.txt    licences of the npm packages in it
                     Licences of Debian packages are in the images, in /usr/share/doc/<package>/copyright
`;
}
