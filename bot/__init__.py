"""The running service: channels, storage, and the one place where everything is put together."""
