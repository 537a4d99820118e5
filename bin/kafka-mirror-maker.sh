#!/bin/sh
# Kafka's own name for `kt mirror-maker`.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-mirror-maker.sh "$@"
