#!/bin/sh
# Kafka's own name for `kt log-dirs`: prints and exits exactly as the script does.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-log-dirs.sh "$@"
