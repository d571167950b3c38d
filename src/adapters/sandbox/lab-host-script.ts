/**
 * What PID 1 of the lab host runs, with the sandbox's folder as $1. Two processes come out of it: dockerd in the
 * machine's network namespace, so that builds reach package mirrors, and PID 1 itself, which ends as a tini alone in
 * a network namespace of its own, so that /proc/1/ns/net is the lab's.
 *
 * - /run is new, so nothing of the engine outlives the namespace; what /etc/resolv.conf points to is kept (resolvers
 *   rewrite it in place).
 * - /sys is mounted from inside the new network namespace, so that /sys/class/net shows the lab's interfaces; without
 *   securityfs there the engine loads no AppArmor profile into the machine. dockerd waits until that is done.
 * - In the end /run is shared, as on a host with systemd: a container sees namespaces of "ip netns" that come later. Their
 *   folder is the mount that "ip netns add" would make of it: two at once make one upon the other, of which one is not shared.
 */
export const LAB_HOST_SCRIPT = String.raw`
root=$1
# The machine's own, which would stand beneath, and be taken by the engine for that of the lab host.
umount -n -l /run/netns 2> /dev/null || :
resolver=$(dirname "$(readlink -f /etc/resolv.conf)")
mkdir -p "$root/run"
mount -n -t tmpfs -o mode=755 tmpfs "$root/run"
case $resolver in
  /run/?*) mkdir -p "$root$resolver"; mount -n --bind "$resolver" "$root$resolver" ;;
esac
mount -n --move "$root/run" /run
mkdir -p /run/docker /run/netns /run/mhlab
mkdir -m 1777 /run/lock
mkfifo /run/mhlab/go
printf mhlab-sandbox > /proc/sys/kernel/hostname
(
  read -r _ < /run/mhlab/go
  dockerd --config-file "$root/daemon.json" > "$root/dockerd.log" 2>&1
  echo "$?" > /run/mhlab/dockerd.exit
) &
exec unshare --net -- sh -euc '
  mkdir /run/mhlab/cgroup
  mount -n --rbind /sys/fs/cgroup /run/mhlab/cgroup
  mount -n -t sysfs -o nosuid,nodev,noexec sysfs /sys
  mount -n --rbind /run/mhlab/cgroup /sys/fs/cgroup
  umount -n -l /run/mhlab/cgroup
  rmdir /run/mhlab/cgroup
  for scope in all default lo; do
    [ ! -e /proc/sys/net/ipv6/conf/$scope/disable_ipv6 ] || echo 0 > /proc/sys/net/ipv6/conf/$scope/disable_ipv6
  done
  mount -n --make-shared /run
  mount -n --bind /run/netns /run/netns
  mount -n --make-shared /run/netns
  ip link set lo up
  echo go > /run/mhlab/go
  exec tini -- sleep infinity
'
`;
