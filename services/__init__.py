"""The rooms of the house. No service imports another; they meet in the contracts only."""
