_outbox() {
  local IFS=$'\n'
  COMPREPLY=($(outbox __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -F _outbox outbox
