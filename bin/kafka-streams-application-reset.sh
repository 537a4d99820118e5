#!/bin/sh
# Kafka's own name for `kt streams-application-reset`: prints and exits exactly as the script does.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-streams-application-reset.sh "$@"
