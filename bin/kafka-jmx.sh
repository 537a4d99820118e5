#!/bin/sh
# Kafka's own name for `kt jmx`.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-jmx.sh "$@"
