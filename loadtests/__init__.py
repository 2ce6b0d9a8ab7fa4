"""Locust users against a running card platform."""
