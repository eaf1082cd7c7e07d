#!/usr/bin/env bash
# Takes each control of tests/sabotage.tsv out of a copy of the sources, builds what changes, and watches the named tests go red: a control that can be
# taken out without a red test is one that nobody would miss. Ends with "N of M controls went red".
# SYNCMCP_SABOTAGE=PATTERN takes only controls whose line matches (grep -E). About ten seconds a control on an idle machine.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en TERM=dumb

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z --cached --others --exclude-standard | tar --null --files-from=- --create --ignore-failed-read 2>/dev/null | tar --extract --directory "$copy"
controls=$copy/controls.tsv
grep -v '^#' tests/sabotage.tsv | grep -E "${SYNCMCP_SABOTAGE:-.}" >"$controls"
cd "$copy" || exit 1

# Warnings are none of our business here: what is taken out leaves unused names behind.
build() { timeout -k 10 300 dotnet build "$@" -v q -nologo -p:TreatWarningsAsErrors=false -p:RunAnalyzers=false >build.log 2>&1 </dev/null; }

# run PROJECT NAMES...: the tests of these names; what the runner says is left in run.log.
run() {
  local project=$1 filters=()
  shift
  for name in "$@"; do filters+=(--filter-method "*.$name"); done
  timeout -k 10 900 dotnet "tests/$project/bin/Debug/net10.0/$project.dll" "${filters[@]}" >run.log 2>&1 </dev/null
}

count() { sed -n "s/^ *$1: *\([0-9][0-9]*\).*/\1/p" run.log | tail -n 1; }

# First with every control in its place: a test that is red anyway proves nothing.
for project in $(cut -f 5 "$controls" | sort -u); do
  build "tests/$project" || { cat build.log; exit 1; }
  mapfile -t names < <(awk -F '\t' -v project="$project" '$5 == project { print $6 }' "$controls" | tr ' ' '\n' | sort -u)
  run "$project" "${names[@]}" || { tail -n 40 run.log; echo "$project: tests are red, or missing, with every control in its place"; exit 1; }
  printf '%s: %s tests of %s names are green with every control in its place\n' "$project" "$(count succeeded)" "${#names[@]}"
done

red=0 all=0 missed=()
while IFS=$'\t' read -r control file find replace project names; do
  all=$((all + 1))
  source=$(<"$file")
  if [ "${source/"$find"/}" = "$source" ]; then
    missed+=("$control: $file does not hold what is to be replaced")
    continue
  fi
  cp "$file" original.cs
  printf '%s\n' "${source/"$find"/"$replace"}" >"$file"
  assembly=${file#src/}
  assembly=${assembly%%/*}
  library=$(sed -n 's:.*<AssemblyName>\(.*\)</AssemblyName>.*:\1:p' "src/$assembly/$assembly.csproj")
  library=${library:-$assembly}.dll
  in_tests=tests/$project/bin/Debug/net10.0/$library
  cp "$in_tests" original.dll
  verdict=GREEN
  if ! build "src/$assembly" --no-restore --no-dependencies; then
    verdict='NOT BUILT'
    grep -m 3 -E 'error' build.log
  else
    cp "src/$assembly/bin/Debug/net10.0/$library" "$in_tests"
    # shellcheck disable=SC2086 # the names are words
    run "$project" $names
    [ "$(count failed)" -gt 0 ] 2>/dev/null && verdict=red
  fi
  cp original.cs "$file"
  cp original.dll "$in_tests"
  [ "$verdict" = red ] && red=$((red + 1)) || missed+=("$control: $verdict ($file, $names)")
  printf '%-9s %s\n' "$verdict" "$control"
done <"$controls"

((${#missed[@]})) && printf '\nnobody missed:\n' && printf '  %s\n' "${missed[@]}"
printf '\n%d of %d controls went red\n' "$red" "$all"
[ "$red" -eq "$all" ] && [ "$all" -gt 0 ]
