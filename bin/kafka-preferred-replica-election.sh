#!/bin/sh
# Kafka's own name for `kt preferred-replica-election`.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-preferred-replica-election.sh "$@"
