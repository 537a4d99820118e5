#!/bin/sh
# Kafka's own name for `kt consumer-perf-test`: prints and exits exactly as the script does.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-consumer-perf-test.sh "$@"
