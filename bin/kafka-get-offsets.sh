#!/bin/sh
# Kafka's own name for `kt get-offsets`: prints and exits exactly as the script does.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-get-offsets.sh "$@"
