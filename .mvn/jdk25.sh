# shellcheck shell=bash
# To be sourced: finds a JDK 25 and Maven, and exports JAVA_HOME; says what is missing and ends the script otherwise.
# Looks at JAVA_HOME, then where distributions keep their JVMs, then at the java of the PATH.

jdk25_at() { # FOLDER: whether a JDK (not only a runtime) of release 25 lives there
  [ -x "$1/bin/javac" ] && grep -qs '^JAVA_VERSION="25[."]' "$1/release"
}

jdk25_find() {
  local home on_path
  on_path=$(command -v javac 2>/dev/null) && on_path=$(readlink -f "$on_path") && on_path=${on_path%/bin/javac}
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-}"/.sdkman/candidates/java/* "${on_path:-}"; do
    if [ -n "$home" ] && jdk25_at "$home"; then
      printf '%s\n' "$home"
      return 0
    fi
  done
  return 1
}

if JAVA_HOME=$(jdk25_find); then
  export JAVA_HOME
else
  echo "No JDK 25 was found: not in JAVA_HOME, not under /usr/lib/jvm, not on the PATH." >&2
  echo "Install one (for example https://adoptium.net/temurin/releases/?version=25) or set JAVA_HOME to it." >&2
  exit 2
fi
if ! command -v mvn >/dev/null; then
  echo "Maven (mvn) is not on the PATH. Install it, for example: apt-get install maven" >&2
  exit 2
fi
