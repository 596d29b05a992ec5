"""Helpers of the checkout: nothing here is installed."""
