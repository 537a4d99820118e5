#!/bin/sh
# Kafka's own name for `kt reassign-partitions`: prints and exits exactly as the script does.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-reassign-partitions.sh "$@"
