#!/bin/sh
# Kafka's own name for `kt run-class`.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-run-class.sh "$@"
