#!/bin/sh
# Kafka's own name for `kt server-stop`: prints and exits exactly as the script does.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-server-stop.sh "$@"
