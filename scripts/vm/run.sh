#!/usr/bin/env bash
# Becomes the emulated machine: its second serial port is standard output, its console goes to a file. Disks are left as they are.
# Usage: run.sh <folder of the root disk> <images disk> <project disk> <work folder>
set -euo pipefail
root=$1 images=$2 project=$3 work=$4

# Two pairs of cards, each pair on a hub of its own: one end for a provider, one for its customers. A third port of each hub
# swallows everything: a hub waits for a port that takes packets, and a card that was never up does not.
cards=()
for hub in 1 2; do
  cards+=(-netdev "user,id=sink$hub,restrict=on,ipv6=off" -netdev "hubport,hubid=$hub,id=swallow$hub,netdev=sink$hub")
done
for card in 01:01 01:02 02:01 02:02; do
  id=card${card/:/}
  cards+=(-netdev "hubport,hubid=$((10#${card%:*})),id=$id"
    -device "virtio-net-pci,netdev=$id,mac=52:54:00:00:$card,romfile=")
done
# KVM where it works, which only a kernel that starts shows: a device file may be there and the processor refuse, or KVM stop at
# an instruction that it does not know.
accelerator=(-accel kvm -cpu host)
exec 3< <(exec timeout 15 qemu-system-x86_64 -M q35 "${accelerator[@]}" -smp 2 -m 512 -nodefaults -display none -monitor none \
  -no-reboot -serial stdio -kernel "$root/vmlinuz" -append 'console=ttyS0 panic=-1' < /dev/null 2>&1)
said=$(grep -a -m 1 -oE 'Linux version|KVM internal error' <&3) || true
kill "$!" 2> /dev/null || true
exec 3<&-
[ "$said" = 'Linux version' ] || accelerator=(-accel tcg,thread=multi -cpu max,la57=off,avx=off,avx2=off)

# no_timer_check: a machine that is emulated beside other work misses the interrupts that the kernel tries its timer by, and halts.
export TMPDIR=$work # what the machine writes goes there, and away with it
exec qemu-system-x86_64 -name mhlab-vm -M q35 "${accelerator[@]}" -smp 2 -m 3G \
  -nodefaults -display none -monitor none -no-user-config \
  -serial "file:$work/console.log" -serial stdio \
  -kernel "$root/vmlinuz" -initrd "$root/initrd" \
  -append 'console=ttyS0 root=/dev/vda rw quiet loglevel=4 systemd.show_status=0 audit=0 no_timer_check mitigations=off init_on_alloc=0 rcupdate.rcu_expedited=1'"${MHLAB_VM_LINE:+ mhlab.line}" \
  -drive "file=$root/disk.img,if=virtio,format=raw,snapshot=on,cache=unsafe" \
  -drive "file=$images,if=virtio,format=raw,snapshot=on,cache=unsafe" \
  -drive "file=$project,if=virtio,format=raw,readonly=on" \
  "${cards[@]}" -object rng-random,id=rng,filename=/dev/urandom -device virtio-rng-pci,rng=rng < /dev/null
