"""Where the fixtures of all tests come from."""

pytest_plugins = [
    "pytester",
    "tests.services.selection",
    "tests.services.postgresql",
    "tests.services.redis",
    "tests.services.databases",
    "tests.services.visitors",
    "tests.services.site",
    "tests.services.browser",
    "tests.people",
    "tests.web.world",
]
