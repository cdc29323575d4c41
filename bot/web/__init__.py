"""What the chat and the public pages share: the page's frame, its safety headers, the static files."""
