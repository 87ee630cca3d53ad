"""What every test may use. The servers and the database are plugins of their own."""

pytest_plugins = [
    "tests.servers",
    "tests.database",
    "tests.demo_region",
    "tests.off_switches.plugin",
]
