#!/usr/bin/env bash
# Builds what changed and starts Inforzap on http://localhost:5080. Everything after the name goes to the host:
#   ./run.sh                 the product, its data in ./data
#   ./run.sh --demo          a company to look at, its data in ./demo-data
#   ./run.sh --reset-admin   a new password for an administrator
#   ./run.sh --build         builds and starts nothing: artifacts/host and artifacts/plugins are the product
#   ./run.sh --backup DIR    a copy of the database and all files, while it runs; --restore DIR puts it into an empty place
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
root=$PWD
artifacts=$root/artifacts

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

command -v dotnet >/dev/null && dotnet --list-sdks | grep -q '^10\.' ||
  stop "Inforzap needs the .NET 10 SDK: get it from https://dotnet.microsoft.com/download/dotnet/10.0 or your system's packages, then run ./run.sh again."

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

sources() {
  find src plugins Directory.Build.props Directory.Packages.props global.json \
    \( -name bin -o -name obj -o -name node_modules -o -path src/Host/wwwroot/lib \) -prune -o -type f -print
}

# Names, sizes and times of all sources: the same stamp means that the last build still holds.
# Of what was built too: the tests build the plugins anew, and what was not built together is not trusted.
stamp() { { sources | sort; ls artifacts/plugins/*/plugin.json 2>/dev/null || true; } | tr '\n' '\0' | xargs -0 stat -c '%n %s %Y' | sha256sum | cut -d' ' -f1; }

build() {
  if [ -n "$(sources | grep '/package\.json$')" ] && ! command -v npm >/dev/null; then
    say "Installing node and npm from the system's packages (the build bundles scripts with them)"
    as_root apt-get update -qq
    as_root apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null
  fi
  say "Building Inforzap (the first time takes a few minutes)"
  rm -f "$artifacts/stamp"
  # Compiled ahead for this machine: it starts in two thirds of the time. The plugins are built with it, and once only: built anew
  # they would not be those that the program knows.
  dotnet publish src/Host/Inforzap.Host.csproj -c Release --use-current-runtime --self-contained false -p:PublishReadyToRun=true -o "$artifacts/host" -v q -nologo
  (cd "$artifacts" && sha256sum --check --quiet host/plugins.sha256) ||
    stop "The plugins that were built are not those that the program trusts."
  stamp > "$artifacts/stamp"
}

[ -f "$artifacts/stamp" ] && [ "$(cat "$artifacts/stamp")" = "$(stamp)" ] || build
[ "${1:-}" != --build ] || exit 0

export Data__Root=${Data__Root:-$root/data}
export Demo__Root=${Demo__Root:-$root/demo-data}
export Plugins__Root=${Plugins__Root:-$artifacts/plugins}
export ASPNETCORE_URLS=${ASPNETCORE_URLS:-http://localhost:5080}
export DOTNET_NOLOGO=1
folder=$Data__Root
for argument in "$@"; do [ "$argument" = --demo ] && folder=$Demo__Root; done
say "Starting Inforzap, data in $folder"
exec dotnet "$artifacts/host/Inforzap.Host.dll" "$@"
