#compdef outbox
_outbox() {
  local -a found
  found=("${(@f)$(outbox __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -- $found
}
compdef _outbox outbox
