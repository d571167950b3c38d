#!/bin/sh
# Kea's run_script hook: records, never decides. One appended line per IA_PD of the message, shorter than PIPE_BUF, so whole.
# The other hook points carry nothing that the lease database does not.
[ "$1" = leases6_committed ] || [ "$1" = lease6_expire ] || exit 0
lines=
index=0
while [ "$index" -lt "${LEASES6_SIZE:-0}" ]; do
  eval "type=\$LEASES6_AT${index}_TYPE address=\$LEASES6_AT${index}_ADDRESS length=\$LEASES6_AT${index}_PREFIX_LEN"
  [ "$type" = IA_PD ] && lines="$lines$QUERY6_IFACE_NAME $QUERY6_REMOTE_ADDR $address/$length
"
  index=$((index + 1))
done
printf '%s' "${lines:-wake
}" >> /run/mhlab/pd.spool
