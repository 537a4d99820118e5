#!/bin/sh
# Kafka's own name for `kt share-consumer-perf-test`: prints and exits exactly as the script does.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-share-consumer-perf-test.sh "$@"
