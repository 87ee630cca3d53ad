"""The demo region, told through the services as people would have done it over the last year."""
