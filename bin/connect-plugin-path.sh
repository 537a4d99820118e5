#!/bin/sh
# Kafka's own name for `kt connect-plugin-path`.
exec "$(dirname "$(readlink -f "$0")")/kt" connect-plugin-path.sh "$@"
