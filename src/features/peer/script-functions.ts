/** The part of the far side's script that is the same for every lab: POSIX shell over ip, wg and nft. */
export const SCRIPT_FUNCTIONS = String.raw`state=/run/mhlab-far-side
conf=/proc/sys/net/ipv6/conf

fail() { echo "error: $*" >&2; exit 1; }
warn() { echo "warning: $*" >&2; }
need() { command -v "$1" > /dev/null 2>&1 || fail "$1 is not installed (Debian: apt install $2)"; }

# --- the kernel

set_kernel() { # <file> <value>; remembers what was there before mhlab
  old=$(cat "$1")
  [ "$old" != "$2" ] || return 0
  grep -q "^$1 " "$state/kernel" 2> /dev/null || echo "$1 $old" >> "$state/kernel"
  echo "$2" > "$1"
}

forward() {
  # First of all: a kernel that forwards forgets the default route it heard from a router, unless accept_ra is 2.
  for file in "$conf"/*/accept_ra; do
    [ "$(cat "$file")" != 1 ] || set_kernel "$file" 2
  done
  set_kernel "$conf/all/forwarding" 1
}

restore_kernel() { # not while another lab of this server lives
  ! ip -o link show | grep -q '^[0-9]*: mhlab-' || return 0
  [ -f "$state/kernel" ] || return 0
  while read -r file value; do [ ! -e "$file" ] || echo "$value" > "$file"; done < "$state/kernel"
  rm -f "$state/kernel"
}

find_uplink() {
  [ -n "$uplink" ] || uplink=$(ip -6 route show default | awk '{ for (i = 1; i < NF; i++) if ($i == "dev") { print $(i + 1); exit } }')
  [ -n "$uplink" ] || fail "no default route tells the interface to the internet; name it: UPLINK=eth0 $0 up"
  ip link show dev "$uplink" > /dev/null 2>&1 || fail "there is no interface $uplink"
}

# --- WireGuard

up_listener() { # <interface> <port> <mtu> <public key>
  key=$keys/$1.key
  [ -s "$key" ] || fail "$key is not there. Make it: (umask 077; wg genkey > $key), then put its public half
  (wg pubkey < $key) into the lab file as peer"
  public=$(wg pubkey < "$key") || fail "$key holds no WireGuard key"
  [ "$public" = "$4" ] || fail "the public half of $key is $public, but the lab file says peer: $4"
  if ! wg show "$1" > /dev/null 2>&1; then
    ip link del dev "$1" 2> /dev/null || :
    ip link add dev "$1" type wireguard 2> /dev/null || userspace "$1"
  fi
  wg set "$1" listen-port "$2" private-key "$key"
  ip link set dev "$1" mtu "$3" addrgenmode none up
  wanted=
}

userspace() { # <interface>
  command -v wireguard-go > /dev/null 2>&1 ||
    fail "this kernel cannot make a WireGuard interface, and wireguard-go is not installed"
  wireguard-go "$1" > /dev/null 2>&1 || fail "wireguard-go cannot make $1"
  tries=50
  until wg show "$1" > /dev/null 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || fail "wireguard-go does not answer for $1"
    sleep 0.1
  done
}

up_address() { ip -6 address replace "$2/128" dev "$1" nodad; } # <interface> <address>

up_peer() { # <interface> <public key> <address> <prefix>[,<prefix>...] <keepalive> <pre-shared key's file or none>
  secret=/dev/null
  if [ "$6" != none ]; then
    secret=$keys/$(basename "$6")
    [ -s "$secret" ] || fail "$secret is not there: copy the pre-shared key to it (mhlab keys show says from where)"
  fi
  wg set "$1" peer "$2" preshared-key "$secret" persistent-keepalive "$5" allowed-ips "$3/128,$4"
  wanted="$wanted $2"
  ip -6 route replace "$3/128" dev "$1"
  for prefix in $(echo "$4" | tr , ' '); do up_prefix "$1" "$prefix"; done
}

up_prefix() { # <interface> <prefix>
  inner=$(ip -6 route show root "$2" | grep -v -e " dev $1 " -e '^unreachable ' || :)
  [ -z "$inner" ] || [ "$metric" != 1024 ] || warn "this server uses a part of $2 itself, which the lab cannot then:
  $inner"
  ip -6 route replace "$2" dev "$1" metric "$metric"
  ip -6 route replace unreachable "$2" metric 4278198272
}

up_finish() { # <interface> <port>
  for peer in $(wg show "$1" peers); do
    case " $wanted " in *" $peer "*) ;; *) wg set "$1" peer "$peer" remove ;; esac
  done
  rules "$1" | nft -f -
  open_firewall "$1" "$2"
}

down_listener() { :; }
down_address() { :; }
down_peer() {
  for prefix in $(echo "$4" | tr , ' '); do
    ip -6 route del unreachable "$prefix" metric 4278198272 2> /dev/null || :
  done
}
down_finish() { # wireguard-go ends with its interface
  close_firewall "$1"
  nft delete table inet "$1" 2> /dev/null || :
  ip link del dev "$1" 2> /dev/null || :
}

# --- a firewall of the server's own: an accept in a table of ours cannot overrule its drop, so rules go into its chains

dropping_chains() { # <hook>
  nft list chains 2> /dev/null | awk -v hook="$1" '
    $1 == "table" { family = $2; table = $3 }
    $1 == "chain" { chain = $2 }
    $1 == "type" && $2 == "filter" && $4 == hook && /policy drop/ { print family, table, chain }'
}

open_firewall() { # <interface> <port>
  close_firewall "$1"
  dropping_chains input | while read -r family table chain; do
    nft insert rule "$family" "$table" "$chain" udp dport "$2" accept comment "\"$1\""
  done
  dropping_chains forward | while read -r family table chain; do
    [ "$family" != ip ] || continue
    nft insert rule "$family" "$table" "$chain" iifname "$1" accept comment "\"$1\""
    nft insert rule "$family" "$table" "$chain" oifname "$1" accept comment "\"$1\""
  done
  if command -v firewall-cmd > /dev/null 2>&1 && firewall-cmd --state > /dev/null 2>&1; then
    warn "firewalld is running; tell it: firewall-cmd --permanent --zone=trusted --add-interface=$1 && firewall-cmd --permanent --add-port=$2/udp && firewall-cmd --reload"
  fi
}

close_firewall() { # <interface>
  nft -a list ruleset 2> /dev/null | awk -v mark="comment \"$1\"" '
    $1 == "table" { family = $2; table = $3 }
    $1 == "chain" { chain = $2 }
    index($0, mark) { print family, table, chain, $NF }' |
    while read -r family table chain handle; do
      nft delete rule "$family" "$table" "$chain" handle "$handle"
    done
}

# --- neighbour discovery for prefixes that are on-link at the uplink

up_proxy() { # <prefix>...
  down_proxy "$@"
  [ "$#" -gt 0 ] || return 0
  find_uplink
  set_kernel "$conf/$uplink/proxy_ndp" 1
  # A gateway inside the prefix stays where it is.
  for gateway in $(ip -6 route show default dev "$uplink" | awk '$2 == "via" && $3 !~ /^fe80/ { print $3 }'); do
    ip -6 route replace "$gateway/128" dev "$uplink" metric 1
    echo "$gateway $uplink" >> "$state/$name.gateways"
  done
  for address in $proxy; do
    ip -6 neighbour replace proxy "$address" dev "$uplink"
    echo "$address $uplink" >> "$state/$name.proxied"
  done
  if command -v ndppd > /dev/null 2>&1; then
    {
      printf 'proxy %s {\n  router yes\n' "$uplink"
      printf '  rule %s {\n    static\n  }\n' "$@"
      echo '}'
    } > "$state/$name.ndppd.conf"
    ndppd -d -c "$state/$name.ndppd.conf" -p "$state/$name.ndppd.pid" > /dev/null 2>&1 || fail "ndppd does not start"
  elif [ -z "$proxy" ]; then
    warn "ndppd is not installed, so nothing in $* can be reached yet. Install it and run this again, or name
  the addresses that are in use: PROXY='2001:db8:a::1 2001:db8:a::2' $0 up"
  fi
}

down_proxy() {
  [ ! -f "$state/$name.ndppd.pid" ] || kill "$(cat "$state/$name.ndppd.pid")" 2> /dev/null || :
  for list in proxied gateways; do
    [ -f "$state/$name.$list" ] || continue
    while read -r address device; do
      if [ "$list" = proxied ]; then ip -6 neighbour del proxy "$address" dev "$device" 2> /dev/null || :
      else ip -6 route del "$address/128" dev "$device" metric 1 2> /dev/null || :; fi
    done < "$state/$name.$list"
  done
  rm -f "$state/$name".*
}
`;
