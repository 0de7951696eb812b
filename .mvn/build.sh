# shellcheck shell=bash
# To be sourced: runs a long build and shows what it is at, a line a step with its time. On a terminal the line of the
# present step is drawn over itself; elsewhere a step has one line when it begins and one when it ends.

build_log=       # where the output goes; the reader's when the build fails
build_child=     # the process group of what runs
build_terminal=0 # 1: the present line may be drawn over itself
build_step=      # what is running now
build_since=0    # since when, in $SECONDS

build_begin() {
  build_log=$(mktemp)
  [ -t 1 ] && build_terminal=1
  trap 'rm -f "$build_log"' EXIT
  # Whoever ends this script, by Ctrl-C or by a signal to it alone, ends the build too.
  trap 'trap - INT TERM HUP; if [ -n "$build_child" ]; then kill -- "-$build_child" 2>/dev/null; wait "$build_child" || true; fi; exit 130' INT TERM HUP
}

build_end() {
  rm -f "$build_log"
  trap - EXIT INT TERM HUP
}

# The steps of a Maven whose output is in the log, a line each: "[2/4] node-image".
build_maven_steps() {
  sed -n 's/^\[INFO\] Building \(.*[^ ]\)  *[^ ][^ ]*  *\(\[[0-9]*\/[0-9]*\]\)$/\2 \1/p' "$build_log"
}

build_show() { # STEP: what is running now; the same as before only updates the time
  if [ "$1" != "$build_step" ]; then
    build_done
    build_step=$1
    build_since=$SECONDS
    [ "$build_terminal" = 1 ] || printf '  %s ...\n' "$build_step"
  fi
  if [ "$build_terminal" = 1 ]; then
    printf '\r\033[K  %-28s %3d s' "$build_step" $((SECONDS - build_since))
  fi
}

build_done() { # the present step has ended
  if [ -n "$build_step" ]; then
    [ "$build_terminal" = 1 ] && printf '\r\033[K'
    printf '  %-28s %3d s\n' "$build_step" $((SECONDS - build_since))
    build_step=
  fi
}

# FIRST-STEP COMMAND...: runs it with its output in the log, and shows each step of Maven's that appears there.
build_watched() {
  local step seen=0 over=0 status=0
  build_show "$1"
  shift
  : >"$build_log" # here, as what runs begins later than the first look
  set -m # a process group of its own, with all that it starts
  "$@" >>"$build_log" 2>&1 &
  build_child=$!
  set +m
  while [ "$over" = 0 ]; do
    kill -0 "$build_child" 2>/dev/null || over=1 # asked before the look, so that the last look sees all
    while IFS= read -r step; do
      seen=$((seen + 1))
      build_show "$step"
    done < <(build_maven_steps | tail -n +$((seen + 1)))
    build_show "$build_step"
    [ "$over" = 1 ] || { sleep 0.3 & wait $! || true; } # a wait hears a signal at once
  done
  wait "$build_child" || status=$?
  build_child=
  build_done
  return "$status"
}

# Says why a Maven build failed, and what helps, as far as its output tells.
build_explain() { # KEPT-LOG: where the whole output is put
  mkdir -p "${1%/*}"
  cp "$build_log" "$1"
  grep '^\[ERROR\]' "$build_log" | grep -v '^\[ERROR\] *$\|re-run Maven\|For more information\|\[Help 1\]$' | head -n 20 >&2 ||
    tail -n 20 "$build_log" >&2
  {
    echo "The build failed. All that it printed is in $1."
    if grep -q 'No space left on device' "$build_log"; then
      echo "Hint: the disk is full; the build needs about 2 GB, most of it for Maven's repository in ~/.m2."
    elif grep -qE 'Could not transfer|Could not resolve|could not be resolved|UnknownHostException|Connection refused' "$build_log"; then
      echo "Hint: Maven could not download what it needs. Is the network there, and does ~/.m2/settings.xml name your proxy or mirror? ./run goes on where it stopped."
    elif grep -q 'COMPILATION ERROR' "$build_log"; then
      echo "Hint: the sources do not compile; git status shows what differs from what was checked out."
    elif grep -qE 'spotless.*(check|format violations)' "$build_log"; then
      echo "Hint: the format differs; mvn spotless:apply mends it."
    elif grep -q 'OutOfMemoryError\|Cannot allocate memory' "$build_log"; then
      echo "Hint: the memory did not suffice; about 2 GB should be free."
    fi
  } >&2
}
