#!/bin/sh
# Kafka's own name for `kt metadata-shell`: prints and exits exactly as the script does.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-metadata-shell.sh "$@"
