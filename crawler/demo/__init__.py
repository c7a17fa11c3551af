"""The bundled newspaper: three small sites of our own, to crawl without a network."""
