"""Asks for pages, politely and safely: nothing outside this package touches the network."""
