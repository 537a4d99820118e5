#!/bin/sh
# Kafka's own name for `kt producer-perf-test`: prints and exits exactly as the script does.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-producer-perf-test.sh "$@"
