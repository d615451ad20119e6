#!/usr/bin/env bash
# Runs every test: fast ones on SQLite, the same on PostgreSQL, then scenarios with browsers and processes that die.
# The last line is 'N passed, N failed, N skipped'. Needs the .NET 10 SDK; the rest comes from Debian's packages.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
root=$PWD
work=$(mktemp -d)
output=$root/tests/output
postgres=
passed=0 failed=0 skipped=0

say() { printf '\033[1m%s\033[0m\n' "$*"; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

finish() {
  [ -n "$postgres" ] && as_postgres "$postgres/pg_ctl" -D "$work/pg/data" -m immediate stop >/dev/null 2>&1
  if [ -O "$work/pg" ] || [ ! -e "$work/pg" ]; then rm -rf "$work"; else as_root rm -rf "$work"; fi
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

end() {
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" = 0 ] && [ "$passed" != 0 ]
  exit
}

give_up() {
  echo "$1"
  failed=$((failed + 1))
  end
}

# PostgreSQL refuses to run as root, so there its own user runs it.
as_postgres() { if [ "$(id -u)" = 0 ]; then (cd / && exec runuser -u postgres -- "$@"); else "$@"; fi; }

free_port() {
  local port
  while :; do
    port=$((RANDOM % 20000 + 30000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo $port; return; }
  done
}

install_tools() {
  local missing=()
  command -v chromium >/dev/null || missing+=(chromium)
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
  command -v redis-server >/dev/null || missing+=(redis-server)
  command -v caddy >/dev/null || missing+=(caddy)
  command -v ffmpeg >/dev/null || missing+=(ffmpeg)
  if find src plugins -name node_modules -prune -o -name package.json -print | grep -q .; then command -v npm >/dev/null || missing+=(nodejs npm); fi
  [ ${#missing[@]} = 0 ] && return
  say "Installing from the system's packages: ${missing[*]}"
  as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

start_postgres() {
  local port bin
  bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
  port=$(free_port)
  mkdir "$work/pg"
  chmod 755 "$work"
  [ "$(id -u)" = 0 ] && chown postgres "$work/pg"
  as_postgres "$bin/initdb" -D "$work/pg/data" -A trust -U postgres -E UTF8 --locale=C.UTF-8 >/dev/null || return
  as_postgres "$bin/pg_ctl" -D "$work/pg/data" -l "$work/pg/log" -w \
    -o "-p $port -k $work/pg -c listen_addresses=127.0.0.1 -c max_connections=400 -c fsync=off -c full_page_writes=off" start >/dev/null || return
  postgres=$bin
  export INFORZAP_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=postgres;Database=postgres"
}

# One run of a test project, or of what is chosen of it; its summary is added up. A run that dies without one counts as a failure.
run() {
  local name=$1 title=$2 choice=$3 log summary total errors fails skips
  shift 3
  log=$work/$RANDOM.log
  say "$title"
  "$@" dotnet "tests/$name/bin/Debug/net10.0/$name.dll" -noColor -noLogo $choice < /dev/null 2>&1 | tee "$log"
  summary=$(grep -E '^ +[A-Za-z.]+ +Total: [0-9]+' "$log" | tail -1)
  if [[ $summary =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+),\ Skipped:\ ([0-9]+) ]]; then
    total=${BASH_REMATCH[1]} errors=${BASH_REMATCH[2]} fails=${BASH_REMATCH[3]} skips=${BASH_REMATCH[4]}
    passed=$((passed + total - fails - skips))
    failed=$((failed + fails + errors))
    skipped=$((skipped + skips))
  else
    failed=$((failed + 1))
  fi
}

command -v dotnet >/dev/null || give_up "The tests need the .NET 10 SDK: https://dotnet.microsoft.com/download/dotnet/10.0"
install_tools || give_up "What the tests need could not be installed."
mkdir -p "$output"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

say "Building"
dotnet build Inforzap.sln -v q -nologo || give_up "The build failed."
say "Checking the format"
dotnet format whitespace --verify-no-changes --folder --include src plugins tests || give_up "The format is not ours: run dotnet format whitespace --folder"
start_postgres || give_up "PostgreSQL did not start."

run Inforzap.Tests "Fast tests on SQLite" "" env
# What needs no database was tested just now.
run Inforzap.Tests "Fast tests on PostgreSQL" "-trait- Database=none" env "INFORZAP_TEST_DB=PostgreSql;$INFORZAP_TEST_POSTGRES"
run Inforzap.Scenarios "Scenarios" "" env
end
