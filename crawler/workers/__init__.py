"""Processes that work through pages one by one, and that can be ended in the middle of one."""
