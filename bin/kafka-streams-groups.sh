#!/bin/sh
# Kafka's own name for `kt streams-groups`: prints and exits exactly as the script does.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-streams-groups.sh "$@"
