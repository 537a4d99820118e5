#!/bin/sh
# Kafka's own name for `kt connect-distributed`.
exec "$(dirname "$(readlink -f "$0")")/kt" connect-distributed.sh "$@"
