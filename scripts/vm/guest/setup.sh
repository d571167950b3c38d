#!/bin/sh
# Turns a bootstrapped Debian into the test machine: runs outside, on the folder that becomes its root disk.
set -eu
root=$1
here=$(dirname "$0")

echo mhlab-vm > "$root/etc/hostname"
printf '127.0.0.1 localhost mhlab-vm\n::1 localhost\n' > "$root/etc/hosts"
cat > "$root/etc/fstab" << END
/dev/vda / ext4 rw,noatime 0 0
/dev/vdb /var/lib/docker ext4 rw,noatime 0 0
/dev/vdc /opt/mhlab ext4 ro 0 0
END
printf 'wireguard\nsch_netem\n8021q\nmacvlan\nveth\nbridge\ndummy\noverlay\n' > "$root/etc/modules-load.d/mhlab.conf"
# A machine that was never booted: it gets its identity from here, so that nothing is asked at the first boot.
echo 0123456789abcdef0123456789abcdef > "$root/etc/machine-id"

# The engine as Debian runs it, without a bridge of its own: mhlab's containers need none.
mkdir -p "$root/etc/docker"
cat > "$root/etc/docker/daemon.json" << END
{"bridge": "none", "iptables": false, "ip6tables": false, "ip-forward": false, "ip-masq": false}
END

# The reports of the driver go to the second serial port.
cp "$here/mhlab-driver.service" "$root/etc/systemd/system/"
chroot "$root" systemctl --quiet enable mhlab-driver.service docker.service apparmor.service
# An emulated processor takes seconds for what a desk's takes in a blink: only what the tests are about is started.
for unit in getty@tty1.service getty-static.service serial-getty@ttyS0.service getty.target apt-daily.timer apt-daily-upgrade.timer \
  fstrim.timer e2scrub_all.timer e2scrub_reap.service dpkg-db-backup.timer systemd-timesyncd.service systemd-pstore.service \
  dev-hugepages.mount dev-mqueue.mount run-lock.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-fs-fuse-connections.mount \
  modprobe@.service ldconfig.service systemd-journal-catalog-update.service systemd-sysusers.service systemd-update-done.service \
  systemd-random-seed.service systemd-binfmt.service systemd-hibernate-clear.service systemd-user-sessions.service \
  systemd-logind.service dbus.service dbus.socket systemd-udev-load-credentials.service systemd-ask-password-console.path \
  systemd-ask-password-wall.path systemd-tpm2-setup.service systemd-tpm2-setup-early.service systemd-pcrphase.service; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
# The profiles of programs that are not here; docker brings its own and needs what they are made of.
find "$root/etc/apparmor.d" -maxdepth 1 -type f -delete
