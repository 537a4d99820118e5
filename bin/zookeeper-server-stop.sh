#!/bin/sh
# Kafka's own name for `kt zookeeper-server-stop`.
exec "$(dirname "$(readlink -f "$0")")/kt" zookeeper-server-stop.sh "$@"
