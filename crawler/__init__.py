"""Finds and fetches pages, and takes the article out of them."""
