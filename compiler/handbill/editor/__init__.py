"""What editors are told while somebody types: the language server, without its command."""
