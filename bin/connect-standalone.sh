#!/bin/sh
# Kafka's own name for `kt connect-standalone`.
exec "$(dirname "$(readlink -f "$0")")/kt" connect-standalone.sh "$@"
