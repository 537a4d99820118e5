#!/bin/sh
# Kafka's own name for `kt trogdor`.
exec "$(dirname "$(readlink -f "$0")")/kt" trogdor.sh "$@"
