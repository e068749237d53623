#!/usr/bin/env bash
# exits.sh CODE COMMAND…: passes if the command ends with exactly this exit code.
wanted=$1
shift
"$@"
code=$?
if [ "$code" -ne "$wanted" ]; then
  echo "exit code $code, not $wanted: $*" >&2
  exit 1
fi
