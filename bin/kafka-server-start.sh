#!/bin/sh
# Kafka's own name for `kt server-start`: prints and exits exactly as the script does.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-server-start.sh "$@"
