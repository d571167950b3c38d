#!/bin/sh
# dhcpcd runs this at every event. It only records the newest state of the lease and says so; the agent decides.
case $reason in
  BOUND6 | RENEW6 | REBIND6 | REBOOT6 | EXPIRE6) ;;
  *) exit 0 ;;
esac
file=/run/mhlab/dhcp/$interface
if [ "$reason" = EXPIRE6 ]; then
  rm -f "$file"
else
  {
    echo "at=$(date +%s)"
    env | grep '^new_dhcp6_'
  } >"$file.new" && mv "$file.new" "$file"
fi
# On dhcpcd's own output, which the agent reads.
echo lease-recorded
