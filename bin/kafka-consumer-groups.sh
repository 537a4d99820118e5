#!/bin/sh
# Kafka's own name for `kt consumer-groups`: prints and exits exactly as the script does.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-consumer-groups.sh "$@"
