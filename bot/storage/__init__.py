"""Where the service keeps what it must remember: engine, migrations, backup, conversations and answers."""
