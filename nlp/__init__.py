"""nianbao (年报): read, verify and compare annual reports on government information disclosure."""
