#!/bin/sh
# Kafka's own name for `kt e2e-latency`: prints and exits exactly as the script does.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-e2e-latency.sh "$@"
