/** How radvd runs in a CPE, whoever configures it. A pid file that it could not remove keeps the next one from starting. */
export const RADVD_CONFIG = "/run/mhlab/radvd.conf";
export const RADVD_PID_FILE = "/run/radvd/radvd.pid";
export const RADVD_ARGV = ["radvd", "--nodaemon", "--logmethod", "stderr", "--config", RADVD_CONFIG].concat(
  "--pidfile",
  RADVD_PID_FILE,
);
