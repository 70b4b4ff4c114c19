"""The load test: a crowd that talks through the application, and servers that are limited as a task is (G-182)."""
