#!/bin/sh
# Kafka's own name for `kt zookeeper-shell`.
exec "$(dirname "$(readlink -f "$0")")/kt" zookeeper-shell.sh "$@"
