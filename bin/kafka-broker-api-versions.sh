#!/bin/sh
# Kafka's own name for `kt broker-api-versions`: prints and exits exactly as the script does.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-broker-api-versions.sh "$@"
