#!/bin/sh
# Kafka's own name for `kt zookeeper-server-start`.
exec "$(dirname "$(readlink -f "$0")")/kt" zookeeper-server-start.sh "$@"
