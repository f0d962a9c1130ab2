function __outbox_complete
    set -l typed (commandline -opc)
    outbox __complete $typed[2..] (commandline -ct) 2>/dev/null
end
complete -c outbox -f -a '(__outbox_complete)'
