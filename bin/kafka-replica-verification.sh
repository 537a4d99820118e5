#!/bin/sh
# Kafka's own name for `kt replica-verification`: prints and exits exactly as the script does.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-replica-verification.sh "$@"
