"""The spiders: wiring between discovery, fetch, extraction, state and pipelines."""
