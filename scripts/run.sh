#!/usr/bin/env bash
# Trades a file between two companies over a chain and a service that it starts on this machine.
#
#   scripts/run.sh [--once] [--keep DIR] [FILE]
#
#   FILE        what is traded; without it, synthetic CNC sensor rows that the project makes itself
#   --once      stop everything after the trade; status 0 only if the buyer's file is the seller's, byte for byte
#   --keep DIR  keep chain, payloads and keys in DIR; a second run continues on them
#
# Chain and service listen on loopback, on free ports if 9944 and 8080 are taken, and run until Ctrl-C. It
# sets the machine up and builds first; the first time that takes 35 to 45 minutes on two cores.
set -euo pipefail
shopt -s inherit_errexit

usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; }

once=false keep='' file=''
while [ $# -gt 0 ]; do
    case $1 in
    --once) once=true ;;
    --keep) [ $# -gt 1 ] || { echo "error: --keep needs a folder" >&2; exit 2; }; keep=$2; shift ;;
    -h | --help) usage; exit 0 ;;
    -*) printf 'error: unknown option %s\n\n' "$1" >&2; usage >&2; exit 2 ;;
    *) [ -z "$file" ] || { echo "error: one file at a time" >&2; exit 2; }; file=$1 ;;
    esac
    shift
done
if [ -n "$file" ]; then
    [ -f "$file" ] || { printf 'error: %s is not a file\n' "$file" >&2; exit 3; }
    [ -s "$file" ] || { printf 'error: %s is empty; an empty file cannot be a dataset\n' "$file" >&2; exit 3; }
    file=$(realpath "$file")
fi

. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
say "Building (progress below; the first time takes 35 to 45 minutes on two cores)"
(cd "$repository" && cargo build --release --locked --workspace --bins)
bin=${CARGO_TARGET_DIR:-$repository/target}/release

# Keys, payloads and logs are nobody else's business.
umask 077
pids=() data=''

finish() {
    local status=$? pid
    trap - EXIT INT TERM
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
    if [ -z "$keep" ] && [ -n "$data" ]; then
        if [ "$status" = 0 ] || [ "$status" -ge 130 ]; then rm -rf "$data"; else say "Logs are in $logs"; fi
    fi
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if [ -n "$keep" ]; then mkdir -p "$keep" && data=$(realpath "$keep"); else data=$(mktemp -d); fi
logs=$data/logs
mkdir -p "$data/home" "$data/bought" "$logs"

taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
free_or_any() { if taken "$1"; then echo 0; else echo "$1"; fi; }

# Waits until the log in $1 has a line that matches $2, written by the process $3, and prints the line.
await_line() {
    local deadline=$((SECONDS + 120)) line
    until line=$(grep -m1 -E "$2" "$1" 2>/dev/null); do
        kill -0 "$3" 2>/dev/null || { tail -n 20 "$1" >&2; fail "it stopped before it was ready; see above and $1"; }
        [ "$SECONDS" -lt "$deadline" ] || { tail -n 20 "$1" >&2; fail "it was not ready in two minutes; see $1"; }
        sleep 0.1
    done
    printf '%s\n' "$line"
}

started=$EPOCHREALTIME
since() { awk -v from="$1" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f", to - from }'; }
step() { printf '\033[1m%4ss\033[0m  %s\n' "$(since "$started")" "$*"; }

# ---------------------------------------------------------------------------------------------------------

"$bin/wonbon-node" --dev --base-path "$data/chain" --no-mdns --port 0 --no-prometheus \
    --rpc-port "$(free_or_any 9944)" >"$logs/node.log" 2>&1 &
pids+=($!)
line=$(await_line "$logs/node.log" 'Running JSON-RPC server' "${pids[-1]}")
chain=ws://127.0.0.1:$(sed -E 's/.*127\.0\.0\.1:([0-9]+).*/\1/' <<<"$line")
step "Chain: one validator, $chain"

"$bin/marketplace-api" --listen "127.0.0.1:$(free_or_any 8080)" --chain "$chain" --data "$data/service" \
    >"$logs/service.out" 2>"$logs/service.log" &
pids+=($!)
service=$(await_line "$logs/service.out" '^listening on ' "${pids[-1]}" | sed 's/^listening on //')
step "Service: $service"

[ -f "$data/home/passphrase" ] || head -c 32 /dev/urandom | base64 >"$data/home/passphrase"
as() { # key, then options and the command: with its notes and its progress
    local key=$1
    shift
    "$bin/wonbon" --chain "$chain" --service "$service" --home "$data/home" --key "$key" \
        --passphrase-file "$data/home/passphrase" "$@"
}
wonbon() { # the same, quietly
    as "$1" --json --quiet "${@:2}"
}
authority() { wonbon dev:Alice authority "$@" >/dev/null; }

# A company with a key, money and a standing; what an earlier run did not finish is done now. The numbers are
# made up and have valid check digits.
company() { # key, name, number, KSIC, region, roles
    local account standing
    if [ -f "$data/home/$1.account" ]; then
        account=$(cat "$data/home/$1.account")
    else
        account=$({ wonbon "$1" key show 2>/dev/null || wonbon "$1" key new; } | jq -r 'select(.account).account')
        printf '%s\n' "$account" >"$data/home/$1.account"
    fi
    if [ "$(wonbon "$1" balance | jq -r .free)" = 0 ]; then
        authority credit "$account" 100000000 --reference "opening-$account"
    fi
    standing=$({ wonbon "$1" company show "$account" 2>/dev/null || true; } | jq -r '.standing // "none"')
    if [ "$standing" = none ]; then
        wonbon "$1" company register --name "$2" --number "$3" --ksic "$4" --size small --region "$5" \
            --role "$6" --yes >/dev/null
        standing=pending
    fi
    if [ "$standing" = pending ]; then authority verify "$account"; fi
    step "$2 is registered and verified, and has $(wonbon "$1" balance | jq -r .free) KRW ($account)" >&2
    printf '%s\n' "$account"
}
seller=$(company seller "한빛정밀 (Hanbit Precision)" 999-81-00015 C29 KR-41 provider)
buyer=$(company buyer "미래기계연구소 (Mirae Machines)" 999-81-00029 C28 KR-30 consumer)

if [ -z "$file" ]; then
    file=$data/cnc-synthetic.csv
    [ -f "$file" ] || wonbon seller synthesise --rows 20000 --seed 7 -o "$file" >/dev/null
    title="CNC milling sensor rows (synthetic)" method=synthesised
    step "Sample: $(stat -c %s "$file") bytes of synthetic sensor rows, not from a real machine"
else
    title=$(basename "$file") method=collected
fi

begun=$EPOCHREALTIME
published=$(as seller --json publish --title="$title" --price 1,000,000 --method "$method" --keyword "CNC,밀링,센서" \
    --yes -- "$file")
offer=$(jq -r .id <<<"$published") dataset=$(jq -r .dataset <<<"$published")
step "Published in $(since "$begun") s: sealed, registered, uploaded and offered as offer $offer"

"$bin/wonbon" --chain "$chain" --service "$service" --home "$data/home" --key seller \
    --passphrase-file "$data/home/passphrase" deliver >"$logs/deliver.log" 2>&1 &
pids+=($!)
step "The seller's delivery is running"

bought=$data/bought/offer-$offer/$(basename -- "$file")
mkdir -p "$(dirname -- "$bought")"
begun=$EPOCHREALTIME
trade=$(as buyer --json buy "$offer" -o "$bought" --yes)
took=$(since "$begun")
step "Bought in $took s: downloaded, checked, paid into escrow, received the key, opened, checked, accepted"

if ! cmp "$file" "$bought"; then fail "the buyer's file is not the seller's"; fi
step "The buyer's file is the seller's, byte for byte"

field() { jq -r "$1 // \"-\"" <<<"$trade"; }
cat <<SUMMARY

  dataset    $dataset
  offer      $offer
  order      $(field .order), $(field .outcome)
  price      1,000,000 KRW, platform fee $(field .platform_fee) KRW
  seller     $seller
  buyer      $buyer
  blocks     placed $(field .placed_at), delivered $(field .delivered_at), final $(field .final_at)
  time       $took s for the purchase, $(since "$started") s in all
  file       $bought

  catalogue  $service/
  dataset    $service/datasets/$dataset
  trades     $service/v1/datasets/$dataset/trades
  interface  $service/openapi.json
  chain      $chain
  data       $data$([ -n "$keep" ] || echo " (removed at the end; --keep DIR keeps it)")

SUMMARY

if $once; then exit 0; fi
say "Chain and service keep running; Ctrl-C stops them"
wait -n "${pids[@]}" || true
fail "one of the processes stopped; see $logs"
