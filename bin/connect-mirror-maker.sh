#!/bin/sh
# Kafka's own name for `kt connect-mirror-maker`.
exec "$(dirname "$(readlink -f "$0")")/kt" connect-mirror-maker.sh "$@"
